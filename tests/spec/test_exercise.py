"""Exercise files: rates that divide, axes that exist, supports that have files."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.names import exercises, is_old
from dmi_sim.spec.exercise import Dimension, ExerciseSpec, both_sides

CATALOG = Catalog.shipped()
SITTING = CATALOG.load(ExerciseSpec, "sitting")


PUSHES = SITTING.pushes.model_dump() if SITTING.pushes else {}
PLATFORM = {
    "first_s": 1, "move_s": 0.5, "rest_s": 0.5, "first_tilt_deg": 4, "tilt_growth_deg": 1,
    "first_shift": 0.02, "shift_growth": 0.01,
}  # fmt: skip


def changed(**changes: Any) -> ExerciseSpec:
    return ExerciseSpec.model_validate({**SITTING.model_dump(), **changes})


def test_a_label_without_a_side_means_both() -> None:
    assert both_sides("hip.flexion") == ("left_hip.flexion", "right_hip.flexion")
    assert both_sides("left_hip.flexion") == ("left_hip.flexion",)
    assert both_sides("neck.flexion") == ("neck.flexion",)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("neck.flexon", "neck.flexion"),
        ("hip.extension", "hip.flexion"),  # both sides were meant, and a direction is no axis
        ("left_hip.flexon", "left_hip.flexion"),
    ],
)
def test_an_unknown_axis_is_refused_with_the_nearest_name(wrong: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"^no axis '{wrong}'; did you mean '{meant}'"):
        both_sides(wrong)


def test_the_shipped_file_survives_a_round_trip() -> None:
    assert changed() == SITTING


def test_control_steps_are_whole_physics_steps() -> None:
    with pytest.raises(ValidationError, match="physics_hz 240 is no multiple of control_hz 50"):
        changed(control_hz=50)


def test_training_reaches_the_end_of_an_episode() -> None:
    with pytest.raises(ValidationError, match="less than an episode of 1000 s"):
        changed(duration_s=1000)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"duration_s": 0}, "duration_s"),
        ({"duration_s": float("nan")}, "duration_s"),
        ({"physics_hz": 240.5}, "physics_hz"),
        (
            {"start": {"angles_deg": {"knie.flexion": 5}, "angle_sd_deg": 2}},
            "no axis 'knie.flexion'",
        ),
        ({"start": {"angles_deg": {}, "angle_sd_deg": -1}}, "angle_sd_deg"),
        ({"start": {"angles_deg": {}, "angle_sd_deg": 2, "com_within": 0}}, "com_within"),
        ({"synergies": {"up": {"range_deg": 0, "axes": {}}}}, "range_deg"),
        ({"synergies": {"up": {"range_deg": 9, "axes": {"hip.flexion": 1}}}}, "no axis 'hip"),
        ({"terminations": {"low": {"criterion": "no_fall"}}}, "terminations.low"),
        ({"terminations": {"low": {"term": "trunk_tilt_above", "weight": 1}}}, "weight"),
        ({"pushes": {**PUSHES, "spread": 1.0}}, "spread"),
        ({"pushes": {**PUSHES, "segment": "nose"}}, "segment"),
        ({"reward": {}}, "reward"),
        ({"dimension": "swimming"}, "dimension"),
        ({"success": {"criterion": "no_fall", "hold_s": -1}}, "hold_s"),
        (
            {"success": {"criterion": "no_fall", "hold_s": 11}},
            "hold_s 11 is longer than duration_s 10",
        ),
        (
            {"success": {"criterion": "no_fall", "hold_s": 0, "no_fall_s": 11}},
            "no_fall_s 11 is longer than duration_s 10",
        ),
        ({"fall": {"head_below": 0.6}}, "fall"),
        ({"platform": {**PLATFORM, "first_tilt_deg": 46}}, "first_tilt_deg"),
        ({"platform": {**PLATFORM, "move_s": 0}}, "move_s"),
        ({"platform": {"first_s": 1}}, "platform.move_s"),
        ({"furniture": [{"half_extents": [0.1, 0.1], "centre": [0, 0, 0]}]}, "furniture.0"),
        ({"support_motion": {"pelvis": {"follow_s": [0, 0, 0]}}}, "support_motion.pelvis.follow_s"),
        (
            {"support_motion": {"any": {"path": [{"time_s": 0, "offset": [1, 0, 0]}]}}},
            "first `offset`",
        ),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        changed(**settings)


@pytest.mark.parametrize("name", [name for name in exercises() if not is_old(name)])
def test_whoever_can_fall_succeeds_only_without_a_fall_to_the_end(name: str) -> None:
    spec = CATALOG.load(ExerciseSpec, name)
    asked_s = max(spec.success.hold_s, spec.success.no_fall_s)
    assert not spec.terminations or asked_s == spec.duration_s


def test_a_support_without_a_file_is_a_problem() -> None:
    problems = list(changed(supports=("pelvs",)).problems(CATALOG))
    assert problems == ["supports: no 'pelvs' in models/supports; did you mean 'pelvis'?"]
    assert list(SITTING.problems(CATALOG)) == []


def test_the_support_of_training_is_among_the_supports() -> None:
    problems = list(changed(training_support="pelvs").problems(CATALOG))
    assert problems == ["training_support: did you mean 'pelvis'?"]
    assert list(changed(training_support="pelvis").problems(CATALOG)) == []


def test_a_support_motion_is_that_of_a_support_of_the_exercise() -> None:
    problems = list(changed(support_motion={"forearms": {}, "pelvis": {}}).problems(CATALOG))
    assert len(problems) == 1
    assert problems[0].startswith("support_motion: ")


def test_a_support_without_a_motion_of_its_own_moves_as_any_other() -> None:
    going, still = {"follow_s": (0.1, None, None)}, {"yields_above": 0.5}
    spec = changed(support_motion={"pelvis": still, "any": going})
    at_pelvis, at_feet = spec.support_motion_at("pelvis"), spec.support_motion_at("feet")
    assert at_pelvis is not None
    assert at_feet is not None
    assert (at_pelvis.yields_above, at_pelvis.follow_s[0]) == (0.5, None)
    assert (at_feet.yields_above, at_feet.follow_s[0]) == (None, 0.1)
    assert SITTING.support_motion_at("pelvis") is None


def test_the_ground_rests_and_nothing_stands_on_it_unless_the_file_says_so() -> None:
    assert SITTING.platform is None
    assert SITTING.furniture == ()
    assert changed(platform=PLATFORM).platform is not None


def test_an_exercise_may_have_no_terminations() -> None:
    assert changed(terminations={}).terminations == {}


def success(**params: object) -> dict[str, object]:
    return {"criterion": "displacement", "params": params, "hold_s": 0}


def test_parameters_are_numbers_words_and_lists_of_either() -> None:
    given = {"distance": 1, "segment": "head", "segments": ["head", "pelvis"], "weights": [1, 2.5]}
    read = changed(success=success(**given)).success.params
    assert read == {
        "distance": 1.0,
        "segment": "head",
        "segments": ("head", "pelvis"),
        "weights": (1.0, 2.5),
    }


@pytest.mark.parametrize("value", [float("nan"), {"head": 1}, None, [["head"]], [1, "head"]])
def test_a_parameter_of_another_kind_is_one_problem(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        changed(success=success(distance=value))
    (problem,) = caught.value.errors()
    assert problem["loc"] == ("success", "params", "distance")
    assert "a finite number, a word, or a list of either" in problem["msg"]


def test_each_dimension_of_the_ladder_has_an_exercise() -> None:
    specs = [CATALOG.load(ExerciseSpec, name) for name in CATALOG.names(ExerciseSpec)]
    assert {spec.dimension for spec in specs} == set(get_args(Dimension))


def test_no_exercise_is_for_infants_younger_than_its_typical_age() -> None:
    for name in CATALOG.names(ExerciseSpec):
        spec = CATALOG.load(ExerciseSpec, name)
        assert spec.typical_age_months <= spec.age_months, name


def test_no_shipped_reward_names_a_support() -> None:
    for name in CATALOG.names(ExerciseSpec):
        spec = CATALOG.load(ExerciseSpec, name)
        terms = [term.term for term in (*spec.rewards.values(), *spec.on_fall.values())]
        assert not [term for term in terms if "support" in term or "hand" in term]
