"""Arguments of an environment as they stand on the command line."""

import pytest

from dmi_sim.cli.options import env_arguments
from dmi_sim.errors import InputError


def test_a_schedule_is_one_value_or_built_key_by_key() -> None:
    whole = env_arguments("sitting", ["support={site: pelvis, firmness: {from: 0.5, by: need}}"])
    parts = ["support.site=pelvis", "support.firmness.from=0.5", "support.firmness.by=need"]
    assert env_arguments("sitting", parts) == whole
    assert whole == {"support": {"site": "pelvis", "firmness": {"from": 0.5, "by": "need"}}}


def test_a_name_of_a_site_or_schedule_stays_a_name() -> None:
    for name in ("pelvis", "as_needed"):
        assert env_arguments("sitting", [f"support={name}"]) == {"support": name}


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (["support=3"], "--set support: must be the name of a support or a schedule, not 3"),
        (["support.sit=waist"], "support: sit: unknown key; did you mean 'site'?"),
        (["support.firmness=2"], "support: site: this key is missing"),
        (["support=waist", "support.site=pelvis"], "--set support.site: 'support' has no keys"),
        (["suport.site=pelvis"], "--set suport: no such argument; did you mean 'support'?"),
    ],
)
def test_a_wrong_support_is_one_line_that_names_the_field(settings: list[str], line: str) -> None:
    with pytest.raises(InputError) as refused:
        env_arguments("sitting", settings)
    assert refused.value.problems[0].startswith(line)
