"""What is said of each number of an observation and an action agrees with the numbers."""

from typing import Any

import numpy as np
import pytest

import dmi_sim
from dmi_sim.cli.describe import describe
from dmi_sim.env import posture_env
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.names import exercises
from tests.env.episodes import play, quiet


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


@pytest.mark.parametrize("exercise", exercises())
def test_scale_times_the_physical_value_is_the_number(
    monkeypatch: pytest.MonkeyPatch, exercise: str
) -> None:
    """Without noise and delay, of every quantity that has a unit."""
    monkeypatch.setattr(posture_env, "build_env", quiet)
    env = PostureEnv(EnvConfig(exercise, sensory_delay_s=0.0))
    play(env, 3)
    observed = play(env, 3)[-1][0]
    values = physical(env)
    checked = 0
    for row, number in zip(env.describe(), observed, strict=False):
        term, place = row.name.rstrip("]").split("[")
        if term in values:
            expected = np.clip(row.scale * values[term][int(place)], row.low, row.high)
            assert number == pytest.approx(expected, abs=2e-5), row
            checked += 1
    assert checked > 10
    env.close()


def physical(env: PostureEnv) -> dict[str, Any]:
    """Quantities of the state in their units, by observation."""
    state, actuated = env.state, env.build.actuated
    angle, rate = env.context.joints
    return {
        "actuated_angles": (angle - env.context.start.joint_angle_rad)[actuated],
        "actuated_rates": rate[actuated],
        "angular_velocities": state.segment_angular_velocity_own[[0, 3, 4]].ravel(),
        "gravity_directions": -state.segment_matrix_world[[0, 3, 4], 2, :2].ravel(),
        "contact_force": env.context.contact_force,
    }


@pytest.mark.parametrize("name", dmi_sim.environments())
def test_the_command_line_tells_the_same(name: str) -> None:
    told = describe(name, ["age_months=9"])
    assert len(told.data["rows"]) == len(told.text.splitlines()) - 2
    env = PostureEnv(EnvConfig(exercises()[dmi_sim.environments().index(name)], age_months=9.0))
    assert [row["name"] for row in told.data["rows"]] == [row.name for row in env.describe()]
    env.close()
