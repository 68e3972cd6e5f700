"""From names to an infant in a support: everything is checked before anything is built."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

import dmi_sim.physics.bullet.client
from dmi_sim.anatomy import AXES, AXIS_INDEX
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig, build_env, spec_problems
from dmi_sim.env.registration import make
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.nervous.sensorimotor import with_sensory_delay
from dmi_sim.spec.exercise import ExerciseSpec, SuccessSpec, TerminationSpec, TermSpec

SITTING = Catalog.shipped().load(ExerciseSpec, "sitting")


@pytest.fixture
def no_bullet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection to Bullet fails the test."""

    def refuse() -> None:
        raise AssertionError("physics was built")

    monkeypatch.setattr(dmi_sim.physics.bullet.client, "load_bullet", refuse)


@pytest.mark.usefixtures("no_bullet")
@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"support": "pelvs"}, "support: no 'pelvs' in sitting; did you mean 'pelvis'"),
        ({"support_strength": 1.2}, "support_strength: 1.2 is outside 0 to 1"),
        ({"support_strength": float("nan")}, "support_strength: nan is outside 0 to 1"),
        ({"age_months": 30}, "age_months: 30 is outside 0 to 24"),
        ({"age_months": "seven"}, "age_months: .*seven"),
        ({"sex": "grl"}, "sex: no 'grl'"),
        ({"condition": "tipical"}, "did you mean 'typical'"),
        ({"severity": 2.0}, "severity: 2.0 is outside 0 to 1"),
        ({"action_mode": "postur"}, "action_mode: no action mode 'postur'; did you mean 'posture'"),
        ({"render_mode": "rgb_aray"}, "render_mode: no 'rgb_aray'; did you mean 'rgb_array'"),
        ({"sensory_delay_s": -0.1}, "sensory_delay_s: -0.1 is outside 0 to 1"),
        ({"agemonths": 7}, "agemonths: no such argument; did you mean 'age_months'"),
    ],
)
def test_a_wrong_choice_names_the_right_one_and_builds_nothing(
    choice: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        make("sitting", **choice)


@pytest.mark.usefixtures("no_bullet")
def test_making_an_environment_builds_no_physics() -> None:
    env = make("sitting", support="axillae")
    assert env.observation_space.shape
    env.close()


def test_the_start_pose_has_the_angles_of_the_file_on_both_sides() -> None:
    angle = build_env(EnvConfig("sitting")).start.angle_rad
    degrees = SITTING.start.angles_deg
    for side in ("left", "right"):
        hip = np.degrees(angle[AXIS_INDEX[f"{side}_hip.flexion"]])
        assert hip == pytest.approx(degrees["hip.flexion"])
    assert angle[AXIS_INDEX["neck.flexion"]] == 0


def test_actions_move_the_axes_of_the_synergies_and_no_other() -> None:
    build = build_env(EnvConfig("sitting"))
    named = {label for synergy in build.spec.synergies.values() for label in synergy.axes}
    assert {AXES[i].label for i in build.actuated} == named
    first = next(iter(build.spec.synergies.values()))
    label, weight = next(iter(first.axes.items()))
    expected = weight * np.radians(first.range_deg)
    assert build.angle_matrix[AXIS_INDEX[label], 0] == pytest.approx(expected)


def test_left_and_right_are_actuated_alike() -> None:
    matrix = build_env(EnvConfig("sitting")).angle_matrix
    reach = np.abs(matrix).max(axis=1)
    for label, index in AXIS_INDEX.items():
        if label.startswith("left_"):
            assert reach[index] == reach[AXIS_INDEX[label.replace("left_", "right_")]]


def test_delays_are_the_infants_own_unless_chosen() -> None:
    own = build_env(EnvConfig("sitting")).infant
    assert own == Infant.from_spec(7)
    chosen = build_env(EnvConfig("sitting", sensory_delay_s=0.0)).infant.nervous
    assert chosen == with_sensory_delay(own.nervous, 0.0)
    assert chosen.central_delay_s == 0.0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"observations": ("angular_velocitie",)},
            "observations: no observation 'angular_velocitie'; did you mean 'angular_velocities'?",
        ),
        (
            {"rewards": {"up": TermSpec(term="trunk_uprigt", weight=1)}},
            "rewards.up: no reward term 'trunk_uprigt'; did you mean 'trunk_upright'?",
        ),
        (
            {"on_fall": {"up": TermSpec(term="trunk_upright", weight=1)}},
            "on_fall.up: parameter 'width_rad' is missing",
        ),
        (
            {"rewards": {"up": TermSpec(term="fell", weight=1, params={"by": 1})}},
            "rewards.up: unknown parameter 'by'; known: none",
        ),
        (
            {"terminations": {"low": TerminationSpec(term="head_low")}},
            "terminations.low: no termination 'head_low'; "
            "known: segment_height_below, segment_roll_above, trunk_tilt_above",
        ),
        (
            {
                "terminations": {
                    "low": TerminationSpec(
                        term="segment_height_below", params={"segment": "haed", "fraction": 0.5}
                    )
                }
            },
            "terminations.low: parameter 'segment': no 'haed'; did you mean 'head'?",
        ),
        (
            {"success": SuccessSpec(criterion="trunk_raised", hold_s=1)},
            "success: no criterion 'trunk_raised'; did you mean 'trunk_raised_in_line'?",
        ),
        (
            {
                "success": SuccessSpec(
                    criterion="displacement",
                    params={"segments": ("left_fot",), "distance": 1, "heading_rad": 0},
                    hold_s=0,
                )
            },
            "success: parameter 'segments': no 'left_fot'; did you mean 'left_foot'?",
        ),
        (
            {
                "rewards": {
                    "along": TermSpec(
                        term="com_velocity_along", weight=1, params={"body_lengths_s": 0.1}
                    )
                }
            },
            "rewards.along: heading_rad is missing, and asked_velocity tells no way to go",
        ),
    ],
)
def test_a_term_that_no_function_stands_for_is_a_problem(
    change: dict[str, object], problem: str
) -> None:
    assert list(spec_problems(SITTING.model_copy(update=change))) == [problem]


def test_the_shipped_exercises_have_no_problems() -> None:
    for name in Catalog.shipped().names(ExerciseSpec):
        assert list(spec_problems(Catalog.shipped().load(ExerciseSpec, name))) == []


def test_an_environment_is_made_for_a_child_of_measured_size() -> None:
    env: Any = make("sitting", age_months=7, mass_kg=6.4, length_m=0.645)
    infant = env.build.infant
    env.close()
    assert (infant.mass_kg, infant.length_m) == pytest.approx((6.4, 0.645))
    with pytest.raises(InputError, match="mass_kg: 64 is outside"):
        make("sitting", age_months=7, mass_kg=64)


STRANGE: tuple[Any, ...] = (
    3,
    -1.5,
    "x",
    "",
    ["x"],
    (1, 2),
    {"x": "y"},
    None,
    float("nan"),
    True,
    object(),
    10**400,
    1j,
    np.array([1.0, 2.0]),
    np.array(["x"]),
    [[]],
    {1, 2},
    b"x",
)
"""What somebody may give where something else is meant."""
SAID_AS = {"exercise": ("envs/",), "reward_weights": ("rewards",)}


def refusal(action: Callable[[], object]) -> str:
    """Why something was refused; empty if it was not."""
    try:
        action()
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.usefixtures("no_bullet")
@pytest.mark.parametrize("name", [field.name for field in fields(EnvConfig)])
def test_whatever_is_given_is_taken_or_refused_by_name(name: str) -> None:
    for value in STRANGE:
        arguments: dict[str, Any] = {"exercise": "sitting", name: value}
        problem = refusal(lambda arguments=arguments: make(**arguments).close())
        assert not problem or any(said in problem for said in (name, *SAID_AS.get(name, ())))


def test_a_reward_weight_is_a_number() -> None:
    for weight in ("a", None, float("nan"), float("inf")):
        with pytest.raises(InputError, match=r"rewards\.jitter: "):
            make("sitting", reward_weights={"jitter": weight})
