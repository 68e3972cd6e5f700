"""An info has the same keys and types always, and stays as it was."""

from typing import Any

import numpy as np
import pytest

from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.names import exercises
from tests.env.episodes import last_step, zero_action
from tests.physics.bullet_access import corrupt

INFO_TYPES = {
    "is_success": bool,
    "completion": float,
    "physics_fault": bool,
    "support_force_n": float,
    "support_share": float,
    "head_height_m": float,
    "com_m": ("float64", (3,)),
    "upright_rad": float,
}


def types_of(info: dict[str, Any]) -> dict[str, Any]:
    """The type of each value of an info by its key, in order; dtype and shape of an array."""
    return {
        key: (str(value.dtype), value.shape) if isinstance(value, np.ndarray) else type(value)
        for key, value in info.items()
    }


@pytest.mark.parametrize("exercise", exercises())
def test_info_has_the_same_keys_and_types_at_reset_step_fault_and_fall(exercise: str) -> None:
    env = PostureEnv(EnvConfig(exercise))
    spec = env.build.spec
    rewards = {f"reward/{term}": float for term in (*spec.rewards, *spec.on_fall)}
    _, at_reset = env.reset(seed=1, options={"steps_after_end": True})
    at_step = env.step(zero_action(env))[4]
    at_end = last_step(env, zero_action(env), 60)[4]
    corrupt(env.world)
    at_fault = env.step(zero_action(env))[4]
    assert at_fault["physics_fault"]
    for info in (at_reset, at_step, at_end, at_fault):
        assert types_of(info) == {**INFO_TYPES, **rewards}
        assert [*info] == [*at_reset]
    env.close()
