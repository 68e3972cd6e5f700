"""Random infants under random commands, for long: nothing faults.

The suite runs a short soak; for a long one set ``DMI_SIM_SOAK_STEPS=1000000``.
"""

import os

import gymnasium as gym
import numpy as np
import pytest

import dmi_sim
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.posture_env import PostureEnv

STEPS = int(os.environ.get("DMI_SIM_SOAK_STEPS", "24000"))
"""Physics steps in all."""
STEPS_EACH = 4000
TICKS = 8
SITES = ("axillae", "waist", "pelvis", "none")


def random_infant(random: np.random.Generator, mode: str) -> PostureEnv:
    env = gym.make(
        "DMI/Sitting-v0",
        age_months=float(random.uniform(0, 24)),
        sex=str(random.choice(["female", "male"])),
        condition=str(random.choice(dmi_sim.conditions())),
        severity=float(random.uniform()),
        length_z=float(random.uniform(-2, 2)),
        weight_z=float(random.uniform(-2, 2)),
        support=str(random.choice(SITES)),
        action_mode=mode,
    )
    return env.unwrapped  # type: ignore[return-value]


def soak(env: PostureEnv, steps: int, random: np.random.Generator) -> int:
    """Physics steps done without a fault."""
    watched = {"steps_after_end": True}
    env.reset(seed=int(random.integers(2**31)), options=watched)
    size, done = len(env.action_names), 0
    for _ in range(steps // TICKS):
        action = random.uniform(-1, 1, size).astype(np.float32)
        _, _, fell, _, info = env.step(action)
        if info["physics_fault"]:
            return done
        done += TICKS
        if fell and random.uniform() < 0.1:  # mostly it goes on, lying
            env.reset(options=watched)
    return done


@pytest.mark.parametrize("number", range(STEPS // STEPS_EACH))
def test_an_infant_never_breaks_the_physics(number: int) -> None:
    random = np.random.default_rng(number)
    modes = tuple(ACTION_MODES)
    env = random_infant(random, modes[number % len(modes)])
    assert soak(env, STEPS_EACH, random) == STEPS_EACH
    env.close()
