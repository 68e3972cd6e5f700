"""Exercise files: rates that divide, axes that exist, supports that have files."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.environment import EnvironmentSpec, both_sides

CATALOG = Catalog.shipped()
SITTING = CATALOG.load(EnvironmentSpec, "sitting")


def changed(**changes: Any) -> EnvironmentSpec:
    return EnvironmentSpec.model_validate({**SITTING.model_dump(), **changes})


def test_a_label_without_a_side_means_both() -> None:
    assert both_sides("hip.flexion") == ("left_hip.flexion", "right_hip.flexion")
    assert both_sides("left_hip.flexion") == ("left_hip.flexion",)
    assert both_sides("neck.flexion") == ("neck.flexion",)


def test_an_axis_that_nobody_has_names_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"no axis 'neck\.flexon'; did you mean 'neck\.flexion'"):
        both_sides("neck.flexon")


def test_the_shipped_file_survives_its_own_words() -> None:
    assert changed() == SITTING


def test_control_steps_are_whole_physics_steps() -> None:
    with pytest.raises(ValidationError, match="physics_hz 240 is no multiple of control_hz 50"):
        changed(control_hz=50)


def test_practice_reaches_the_end_of_an_episode() -> None:
    with pytest.raises(ValidationError, match="less than an episode of 1000 s"):
        changed(duration_s=1000)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"duration_s": 0}, "duration_s"),
        ({"duration_s": float("nan")}, "duration_s"),
        ({"physics_hz": 240.5}, "physics_hz"),
        ({"start": {"angles_deg": {"knie.flexion": 5}, "spread_deg": 2}}, "no axis 'knie.flexion'"),
        ({"start": {"angles_deg": {}, "spread_deg": -1}}, "spread_deg"),
        ({"synergies": {"up": {"range_deg": 0, "axes": {}}}}, "range_deg"),
        ({"synergies": {"up": {"range_deg": 9, "axes": {"hip.flexion": 1}}}}, "no axis 'hip"),
        ({"fall": {"head_below": 1.5, "tilt_above_deg": 60}}, "head_below"),
        ({"nudges": {**SITTING.nudges.model_dump(), "spread": 1.0}}, "spread"),
        ({"nudges": {**SITTING.nudges.model_dump(), "segment": "nose"}}, "segment"),
        ({"reward": {}}, "reward"),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(part: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        changed(**part)


def test_a_support_without_a_file_is_a_problem() -> None:
    problems = list(changed(supports=("pelvs",)).problems(CATALOG))
    assert problems == ["supports: no 'pelvs' in models/supports; did you mean 'pelvis'?"]
    assert list(SITTING.problems(CATALOG)) == []


def test_no_shipped_reward_names_a_support() -> None:
    for name in CATALOG.names(EnvironmentSpec):
        spec = CATALOG.load(EnvironmentSpec, name)
        terms = [term.term for term in (*spec.rewards.values(), *spec.on_end.values())]
        assert not [term for term in terms if "support" in term or "hand" in term]
