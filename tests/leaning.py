"""A leaning pole in place of an infant: the same ``state``, ``layout`` and ``info``, in no time."""

from collections.abc import Generator
from types import SimpleNamespace
from typing import Any, Self

import gymnasium as gym
import numpy as np
import pytest
from numpy.typing import NDArray

from dmi_sim.physics.state import State
from dmi_sim.spec.training import TrainingSpec

LEANING = "Test/Leaning-v0"


class Leaning(gym.Env[NDArray[np.float32], NDArray[np.float32]]):
    """Falls at 1 rad unless pushed back; stays up for 2 s to succeed; hands push with 3 N."""

    metadata = {"render_modes": [], "render_fps": 20}
    layout = ("lean", "lean_rate")

    def __init__(self, gravity: float = 4.0, broken_step: int = -1) -> None:
        self.observation_space = gym.spaces.Box(-10, 10, (2,), np.float32)
        self.action_space = gym.spaces.Box(-1, 1, (1,), np.float32)
        self._gravity = gravity
        self._broken_step = broken_step
        self._lean = self._rate = 0.0
        self._step = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        super().reset(seed=seed, options=options)
        self._lean = float(self.np_random.uniform(-0.3, 0.3))
        self._lean += (options or {}).get("push_rad", 0.0)
        self._rate, self._step = 0.0, 0
        return self._observation(), self._info()

    def step(
        self, action: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        if self._step == self._broken_step:
            raise ZeroDivisionError("a joint came off")
        self._step += 1
        self._rate += (self._gravity * np.sin(self._lean) + 4.0 * float(action[0])) / 20
        self._lean += self._rate / 20
        fell = abs(self._lean) > 1
        return self._observation(), 1.0 - abs(self._lean), fell or self._up(), False, self._info()

    @property
    def state(self) -> State:
        none = np.zeros((0, 3))
        return State(
            time_s=self._step / 20,
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
        """The pole stands on itself."""
        return self

    @property
    def infant(self) -> Self:
        """It has 70 muscles and nothing else."""
        return self

    ordered_segments = ()
    muscles = SimpleNamespace(names=tuple(f"muscle_{i}" for i in range(70)))

    def pressure(self) -> tuple[NDArray[np.float64], float]:
        return np.array([0.01, 0.0, 0.0]), 60.0

    def contact_force(self) -> NDArray[np.float64]:
        return np.zeros(15)

    def _up(self) -> bool:
        return self._step >= 40

    def _observation(self) -> NDArray[np.float32]:
        return np.array([self._lean, np.clip(self._rate, -10, 10)], dtype=np.float32)

    def _info(self) -> dict[str, Any]:
        success = self._up() and abs(self._lean) <= 1
        hands = {"support_force_n": 3.0, "support_share": 0.25}
        return {"is_success": success, "physics_fault": False, **hands}


@pytest.fixture(autouse=True)
def leaning() -> Generator[str, None, None]:
    """Id of the leaning pole, registered as long as the test lasts."""
    gym.register(LEANING, entry_point=lambda **settings: Leaning(**settings))
    yield LEANING
    del gym.registry[LEANING]


@pytest.fixture
def quick() -> TrainingSpec:
    """Trainer in chunks of 128 steps that take milliseconds."""
    return TrainingSpec(
        total_steps=512, n_envs=2, n_steps=64, batch_size=64, n_epochs=2, chunk_rollouts=1
    )
