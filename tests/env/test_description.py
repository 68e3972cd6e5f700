"""What is said of each number of an observation and an action agrees with the numbers."""

from dataclasses import replace
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import dmi_sim
from dmi_sim.anatomy import PELVIS, SEGMENT_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.catalog import Catalog
from dmi_sim.cli.describe import describe
from dmi_sim.env import posture_env
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.context import StepContext
from dmi_sim.env.description import describe as describe_setup
from dmi_sim.env.infant_setup import infant_setup
from dmi_sim.env.observations import OBSERVATIONS, observation
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.registration import exercises_of_the_infant
from dmi_sim.env.sensing import OBSERVATION_LIMIT
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.physics.state import State
from tests.env.episodes import quiet


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("exercise", exercises())
def test_there_is_a_row_for_every_number_in_order(exercise: str, mode: str) -> None:
    env = PostureEnv(EnvConfig(exercise, action_mode=mode))
    rows = {
        kind: [r for r in env.describe() if r.kind == kind] for kind in ("observation", "action")
    }
    assert tuple(row.name for row in rows["observation"]) == env.observation_names
    assert tuple(row.name for row in rows["action"]) == env.action_names
    for space, kind in ((env.observation_space, "observation"), (env.action_space, "action")):
        assert [row.low for row in rows[kind]] == space.low.tolist()  # type: ignore[attr-defined]
        assert [row.high for row in rows[kind]] == space.high.tolist()  # type: ignore[attr-defined]
    env.close()


@pytest.mark.parametrize("late_steps", [0, 2])
@pytest.mark.parametrize("exercise", exercises())
def test_scale_times_the_physical_value_is_the_number_as_late_as_told(
    monkeypatch: pytest.MonkeyPatch, exercise: str, late_steps: int
) -> None:
    """Every number of every exercise, from an infant without noise."""
    monkeypatch.setattr(posture_env, "build_env", quiet)
    control_hz = PostureEnv(EnvConfig(exercise)).build.spec.control_hz
    env = PostureEnv(EnvConfig(exercise, sensory_delay_s=late_steps / control_hz))
    observation, _ = env.reset(seed=3, options={"steps_after_end": True})
    random, then = np.random.default_rng(5), [physical(env)]
    for _ in range(8):
        action = random.uniform(-1, 1, env.action_space.shape).astype(np.float32)
        observation = env.step(action)[0]
        then.append(physical(env))
    for row, number in zip(env.describe(), observation, strict=False):
        term, place = row.name.rstrip("]").split("[")
        value = then[-1 - round(row.delay_s * control_hz)][term][int(place)]
        expected = np.clip(row.scale * value, row.low, row.high)
        assert number == pytest.approx(expected, abs=2e-5), row
    env.close()


def physical(env: PostureEnv) -> dict[str, Any]:
    """Quantities of the state in their units, by observation."""
    now, state, actuated = env.context, env.state, env.build.actuated
    angle, rate = state.joint_angle_rad, state.joint_velocity_rad_s
    pelvis, position = state.segment_matrix_world[PELVIS], state.segment_pos_world
    faces = np.arctan2(pelvis[1, 0], pelvis[0, 0])
    turn = np.array([[np.cos(faces), np.sin(faces)], [-np.sin(faces), np.cos(faces)]])
    feet = (position[SEGMENT_INDEX["left_foot"]] + position[SEGMENT_INDEX["right_foot"]]) / 2
    sideways = [
        np.arctan2(one.segment_matrix_world[PELVIS, 1, 1], one.segment_matrix_world[PELVIS, 0, 1])
        for one in (state, now.start)
    ]
    velocity = turn @ state.com_velocity_m_s[:2]
    turned = facing(state) @ facing(now.start).T
    return {
        "actuated_angles": (angle - now.start.joint_angle_rad)[actuated],
        "actuated_rates": rate[actuated],
        "angular_velocities": state.segment_angular_velocity_own[[0, 3, 4]].ravel(),
        "gravity_directions": -state.segment_matrix_world[[0, 3, 4], 2, :2].ravel(),
        "contact_force": now.contact_force,
        "com_rel_pelvis": turn @ (state.com_m - position[PELVIS])[:2],
        "com_rel_feet": turn @ (state.com_m - feet)[:2],
        "com_velocity": velocity,
        "com_velocity_fine": velocity,
        "heading": [np.sin(sideways[0] - sideways[1])],
        "last_actions": np.tile(now.action, 2),
        "last_action": now.action,
        "cpg_phase": phase_of(now),
        "asked_velocity": env.infant.length_m * turned @ now.asked_velocity,
        "cue": now.cue,
    }


def phase_of(now: StepContext) -> list[float]:
    """Sine and cosine of the phase; nothing while the pattern generator rests."""
    phase = now.cpg_phase_rad
    return [0.0, 0.0] if phase is None else [np.sin(phase), np.cos(phase)]


def facing(state: State) -> Vector:
    """Turns what the room calls forward and left into what the pelvis does, seen from above."""
    left = state.segment_matrix_world[PELVIS, :2, 1]
    left = left / np.hypot(*left)
    return np.array([[left[1], -left[0]], [left[0], left[1]]])


@pytest.mark.parametrize("exercise", exercises())
def test_noise_is_as_large_as_told(exercise: str) -> None:
    env = PostureEnv(EnvConfig(exercise))
    env.reset(seed=1)
    senses, random = infant_setup(env.build).senses, np.random.default_rng(7)
    senses.begin(env.context)
    numbers = np.array([senses.observe(env.context, random) for _ in range(2000)])
    told = [row.noise_sd for row in env.describe() if row.kind == "observation"]
    is_cut_off = np.abs(numbers).max(axis=0) >= OBSERVATION_LIMIT  # and so is its noise
    spread = numbers.std(axis=0)[~is_cut_off]
    assert spread == pytest.approx(np.array(told)[~is_cut_off], rel=0.1, abs=1e-5)
    env.close()


def pressure_of_hands_and_feet(context: StepContext) -> Vector:
    return context.contact_force[:2]


def test_an_observation_of_ones_own_says_its_unit_scale_and_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(OBSERVATIONS, "_items", dict[str, Any](OBSERVATIONS._items))  # pyright: ignore[reportPrivateUsage]
    observation(
        fixed=2,
        unit="N",
        per_unit=lambda length_m: 2 / length_m,
        axes=lambda joints, actions: ("hands", "feet"),
    )(pressure_of_hands_and_feet)
    env = PostureEnv(EnvConfig("sitting"))
    names = (pressure_of_hands_and_feet.__name__,)
    spec = env.build.spec.model_copy(update={"observations": names})
    hands, feet, *_ = describe_setup(infant_setup(replace(env.build, spec=spec)))
    assert (hands.axis, feet.axis) == ("hands", "feet")
    assert (hands.unit, hands.scale) == ("N", 2 / env.infant.length_m)


def test_an_observation_that_names_more_numbers_than_it_has_is_refused() -> None:
    term = replace(OBSERVATIONS["heading"], axes=lambda joints, actions: ("left", "right"))
    with pytest.raises(InputError, match="heading: axes names 2 numbers, not the 1 that it has"):
        term.axis_names((), ())


@pytest.mark.parametrize("name", dmi_sim.environments())
def test_the_command_line_tells_the_same(name: str) -> None:
    told = describe(name, ["age_months=9"])
    assert len(told.data["rows"]) == len(told.text.splitlines()) - 2
    first = exercises_of_the_infant(Catalog.shipped())[0]
    exercise = gym.spec(name).kwargs.get("exercise", first)
    env = PostureEnv(EnvConfig(exercise, age_months=9.0))
    assert [row["name"] for row in told.data["rows"]] == [row.name for row in env.describe()]
    env.close()
