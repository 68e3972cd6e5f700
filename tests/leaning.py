"""A leaning pole in place of an infant: it behaves as an environment of ours does, in no time.

What it shares with :class:`dmi_sim.env.posture_env.PostureEnv` is tested for both by
``tests/rollout/test_contract.py``.
"""

from collections.abc import Generator, Mapping
from types import SimpleNamespace
from typing import Any, Self

import gymnasium as gym
import numpy as np
import pytest
from numpy.typing import NDArray

from dmi_sim.errors import InputError
from dmi_sim.physics.state import State
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.policy import NumpyPolicy

LEANING = "Test/Leaning-v0"
CONTROL_HZ = 20
HOLD_STEPS, LIMIT_STEPS = 40, 60


class Leaning(gym.Env[NDArray[np.float32], NDArray[np.float32]]):
    """Falls at 1 rad unless pushed back; has to stay up for 2 s of the 3; hands push with 3 N."""

    metadata = {"render_modes": [], "render_fps": CONTROL_HZ}
    observation_names = ("lean", "lean_rate")
    action_names = ("push",)
    ordered_segments = tuple(SimpleNamespace(spheres=()) for _ in range(15))
    mass_kg = 6.0
    muscles = SimpleNamespace(names=tuple(f"muscle_{i}" for i in range(70)))

    def __init__(self, gravity: float = 4.0, broken_step: int = -1) -> None:
        self.observation_space = gym.spaces.Box(-10, 10, (2,), np.float32)
        self.action_space = gym.spaces.Box(-1, 1, (1,), np.float32)
        self._gravity = gravity
        self._broken_step = broken_step
        self._lean = self._rate = 0.0
        self._step = self._stood = 0
        self._is_corrupt = False

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        super().reset(seed=seed)
        for name in set(options or {}) - {"push_rad"}:
            raise InputError(f"options: no '{name}'")
        self._lean = float(self.np_random.uniform(-0.3, 0.3))
        self._lean += (options or {}).get("push_rad", 0.0)
        self._rate, self._step, self._stood = 0.0, 0, 0
        self._is_corrupt = False
        return self._observation(), self._info(0.0)

    def step(
        self, action: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        if self._step == self._broken_step:
            raise ZeroDivisionError("a joint came off")
        if self._is_corrupt:
            return self._observation(), 0.0, False, True, self._info(0.0)
        self._step += 1
        self._rate += (self._gravity * np.sin(self._lean) + 4.0 * float(action[0])) / CONTROL_HZ
        self._lean += self._rate / CONTROL_HZ
        self._lean = float(self._lean)
        fell, reward = abs(self._lean) > 1, 1.0 - abs(self._lean)
        self._stood += not fell
        is_cut = not fell and self._step >= LIMIT_STEPS
        return self._observation(), reward, fell, is_cut, self._info(reward)

    @property
    def completion(self) -> float:
        return min(1.0, self._stood / HOLD_STEPS)

    @property
    def state(self) -> State:
        none = np.zeros((0, 3))
        return State(
            time_s=self._step / CONTROL_HZ,
            segment_pos_world=np.full((15, 3), self._lean),
            segment_quat_world=np.tile([0.0, 0.0, 0.0, 1.0], (15, 1)),
            segment_matrix_world=np.tile(np.eye(3), (15, 1, 1)),
            segment_angular_velocity_own=np.zeros((15, 3)),
            joint_angle_rad=np.zeros(34),
            joint_velocity_rad_s=np.zeros(34),
            activation=np.full(70, 0.5),
            com_m=np.array([self._lean, 0.0, 0.3]),
            com_velocity_m_s=np.zeros(3),
            head_height_m=0.4 * float(np.cos(self._lean)),
            upright_rad=abs(self._lean),
            support_force_n=3.0,
            support_share=0.25,
            support_pos_world=none,
            support_force_world=none,
            push_force_world=np.zeros(3),
            push_pos_world=np.zeros(3),
        )

    @property
    def world(self) -> Self:
        """The pole is its own world."""
        return self

    @property
    def infant(self) -> Self:
        """It has 6 kg, 15 segments without size and 70 muscles, and nothing else."""
        return self

    def pressure(self) -> tuple[NDArray[np.float64], float]:
        return np.array([0.01, 0.0, 0.0]), 60.0

    def contact_force(self) -> NDArray[np.float64]:
        return np.zeros(15)

    def corrupt(self) -> None:
        """Let the physics go wrong."""
        self._is_corrupt = True

    def _observation(self) -> NDArray[np.float32]:
        return np.array([self._lean, np.clip(self._rate, -10, 10)], dtype=np.float32)

    def _info(self, reward: float) -> dict[str, Any]:
        state = self.state
        return {
            "is_success": self.completion >= 1.0 and not self._is_corrupt,
            "completion": self.completion,
            "physics_fault": self._is_corrupt,
            "support_force_n": state.support_force_n,
            "support_share": state.support_share,
            "head_height_m": state.head_height_m,
            "com_m": state.com_m,
            "upright_rad": state.upright_rad,
            "reward/upright": reward,
        }


def pusher(lean: float, rate: float) -> NumpyPolicy:
    """A policy that pushes in proportion to lean and its rate."""
    one = np.ones(1, np.float32)
    weights = (np.array([[lean, rate]], np.float32),)
    return NumpyPolicy(weights, (np.zeros(1, np.float32),), "tanh", -one, one)


def balance() -> NumpyPolicy:
    """A policy that keeps the pole up."""
    return pusher(-3.0, -1.0)


@pytest.fixture(autouse=True)
def leaning() -> Generator[str, None, None]:
    """Id of the leaning pole, registered as long as the test lasts."""
    gym.register(LEANING, entry_point=lambda **settings: Leaning(**settings))
    yield LEANING
    del gym.registry[LEANING]


@pytest.fixture
def quick() -> TrainingSpec:
    """Training in chunks of 128 steps that take milliseconds."""
    return TrainingSpec(
        total_steps=512, n_envs=2, n_steps=64, batch_size=64, n_epochs=2, chunk_rollouts=1
    )
