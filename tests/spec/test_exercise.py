"""Exercise files: rates that divide, axes that exist, supports that have files."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.exercise import Dimension, EnvironmentSpec, both_sides

CATALOG = Catalog.shipped()
SITTING = CATALOG.load(EnvironmentSpec, "sitting")


NUDGES = SITTING.nudges.model_dump() if SITTING.nudges else {}
BOARD = {
    "first_s": 1, "move_s": 0.5, "rest_s": 0.5, "first_tilt_deg": 4, "tilt_growth_deg": 1,
    "first_shift": 0.02, "shift_growth": 0.01,
}  # fmt: skip


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
        ({"nudges": {**NUDGES, "spread": 1.0}}, "spread"),
        ({"nudges": {**NUDGES, "segment": "nose"}}, "segment"),
        ({"reward": {}}, "reward"),
        ({"dimension": "swimming"}, "dimension"),
        ({"success": {"goal": "stays_up", "hold_s": -1}}, "hold_s"),
        ({"success": {"goal": "stays_up", "hold_s": 11}}, "hold_s 11 is longer than duration_s 10"),
        ({"fall": {"pelvis_below": 1.0}}, "pelvis_below"),
        ({"fall": {"roll_above_deg": 200}}, "roll_above_deg"),
        ({"board": {**BOARD, "first_tilt_deg": 46}}, "first_tilt_deg"),
        ({"board": {**BOARD, "move_s": 0}}, "move_s"),
        ({"board": {"first_s": 1}}, "board.move_s"),
        ({"furniture": [{"half_edges": [0.1, 0.1], "centre": [0, 0, 0]}]}, "furniture.0"),
        ({"handling": {"pelvis": {"follow_s": [0, 0, 0]}}}, "handling.pelvis.follow_s"),
        ({"handling": {"any": {"path": [{"time_s": 0, "offset": [1, 0, 0]}]}}}, "first `offset`"),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(part: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        changed(**part)


def test_a_support_without_a_file_is_a_problem() -> None:
    problems = list(changed(supports=("pelvs",)).problems(CATALOG))
    assert problems == ["supports: no 'pelvs' in models/supports; did you mean 'pelvis'?"]
    assert list(SITTING.problems(CATALOG)) == []


def test_hands_of_practice_are_among_the_supports() -> None:
    problems = list(changed(practised_with="pelvs").problems(CATALOG))
    assert problems == ["practised_with: did you mean 'pelvis'?"]
    assert list(changed(practised_with="pelvis").problems(CATALOG)) == []


def test_handling_is_of_a_support_of_the_exercise() -> None:
    problems = list(changed(handling={"forearms": {}, "pelvis": {}}).problems(CATALOG))
    assert len(problems) == 1
    assert problems[0].startswith("handling: ")


def test_hands_without_a_handling_of_their_own_do_as_any_other() -> None:
    going, still = {"follow_s": (0.1, None, None)}, {"yields_above": 0.5}
    spec = changed(handling={"pelvis": still, "any": going})
    at_pelvis, at_feet = spec.handling_at("pelvis"), spec.handling_at("feet")
    assert at_pelvis is not None
    assert at_feet is not None
    assert (at_pelvis.yields_above, at_pelvis.follow_s[0]) == (0.5, None)
    assert (at_feet.yields_above, at_feet.follow_s[0]) == (None, 0.1)
    assert SITTING.handling_at("pelvis") is None


def test_the_ground_rests_and_nothing_stands_on_it_unless_the_file_says_so() -> None:
    assert SITTING.board is None
    assert SITTING.furniture == ()
    assert changed(board=BOARD).board is not None


def test_an_exercise_without_limits_has_no_falls() -> None:
    assert set(changed(fall={}).fall.model_dump().values()) == {None}


def test_each_dimension_of_the_ladder_has_an_exercise() -> None:
    specs = [CATALOG.load(EnvironmentSpec, name) for name in CATALOG.names(EnvironmentSpec)]
    assert {spec.dimension for spec in specs} == set(get_args(Dimension))


def test_no_exercise_is_for_infants_younger_than_its_typical_age() -> None:
    for name in CATALOG.names(EnvironmentSpec):
        spec = CATALOG.load(EnvironmentSpec, name)
        assert spec.typical_age_months <= spec.age_months, name


def test_no_shipped_reward_names_a_support() -> None:
    for name in CATALOG.names(EnvironmentSpec):
        spec = CATALOG.load(EnvironmentSpec, name)
        terms = [term.term for term in (*spec.rewards.values(), *spec.on_end.values())]
        assert not [term for term in terms if "support" in term or "hand" in term]
