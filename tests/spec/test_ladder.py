"""Ladder files: trials and limits that make sense."""

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.spec.ladder import LadderSpec

RULE = Catalog.shipped().load(LadderSpec, "exercises")


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("trials.value=4", "not odd"),
        ("trials.value=0", "not odd"),
        ("begins.value=0.6", "must rise"),
        ("begins.value=0", "must rise"),
        ("partly.value=1", "must rise"),
        ("trials.unit=s", "unit"),
    ],
)
def test_a_rule_that_cannot_score_is_refused(setting: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        override(RULE, [setting])


def test_the_shipped_file_says_that_the_words_are_recalled_and_it_is_not_the_gmfm() -> None:
    text = Catalog.shipped().text(LadderSpec, "exercises")
    assert "recalled" in text
    assert "not the GMFM" in text
