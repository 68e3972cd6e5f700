"""Electromyograms: activation at every physics step, also after a fall."""

from collections.abc import Generator

import numpy as np
import pytest

from dmi_sim.assessments.postural_responses.emg import (
    record_commands,
    record_emg,
    replay_commands,
)
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import Action, Info, Observation, PostureEnv
from dmi_sim.nervous.motor_command import MotorCommand
from dmi_sim.physics.platform import STATIONARY
from dmi_sim.rollout.controllers import SILENT_MUSCLES, random_actions
from dmi_sim.rollout.recorder import rollout
from tests.physics.bullet_access import corrupt

SEED = 2**31


@pytest.fixture(scope="module")
def env() -> Generator[PostureEnv]:
    made = PostureEnv(EnvConfig("sitting", on_platform=True))
    yield made
    made.close()


def test_recording_does_not_change_the_simulation(env: PostureEnv) -> None:
    emg = record_emg(env, None, SEED, (0.25, 0.5), {"platform_motion": STATIONARY})
    ended = env.state
    env.reset(seed=SEED, options={"platform_motion": STATIONARY})
    for _ in range(15):
        env.step(np.zeros(env.action_space.shape or (), np.float32))
    assert env.state.com_m.tobytes() == ended.com_m.tobytes()
    assert emg.activation[-1].tobytes() == env.state.activation.tobytes()
    assert emg.time_s == pytest.approx(np.arange(60, 121) / 240)


def test_a_fall_is_noted_and_the_recording_goes_on(env: PostureEnv) -> None:
    emg = record_emg(env, None, SEED, (0.0, 4.0), {**SILENT_MUSCLES, "support": "none"})
    fallen = rollout(env, None, SEED, {**SILENT_MUSCLES, "support": "none"})
    assert fallen.fell
    assert emg.fell_at_s == pytest.approx(fallen.time_s[-1])
    assert emg.time_s[-1] == pytest.approx(4.0)


def test_a_fault_of_the_physics_ends_an_electromyogram() -> None:
    class Breaks(PostureEnv):
        """An infant whose physics fails after 0.2 s."""

        def step(self, action: Action) -> tuple[Observation, float, bool, bool, Info]:
            if self.state.time_s > 0.2:
                corrupt(self.world)
            return super().step(action)

    env = Breaks(EnvConfig("sitting"))
    emg = record_emg(env, None, SEED, (0.0, 1.0), {})
    env.close()
    assert emg.has_physics_fault
    assert emg.time_s[-1] < 0.3


def test_replayed_commands_give_the_same_activation(env: PostureEnv) -> None:
    commands: list[MotorCommand] = []
    span_s = (0.0, 0.4)
    moving = random_actions(env, 1)
    first = record_emg(env, moving, SEED, span_s, {"voluntary": record_commands(commands)})
    again = record_emg(env, None, SEED, span_s, {"voluntary": replay_commands(commands)})
    assert again.activation.tobytes() == first.activation.tobytes()
