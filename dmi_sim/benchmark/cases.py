"""What is timed: an infant in an exercise, and a humanoid of another engine beside it."""

from typing import Any, Protocol, cast

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import MachineProblem
from dmi_sim.physics.bullet.timed_loop import time_steps
from dmi_sim.physics.world import World

ENVIRONMENT, PEER = "DMI/Sitting-v1", "HumanoidStandup-v5"

_Env = gym.Env[Any, Any]
_Action = NDArray[np.float32]


class BenchmarkCase(Protocol):
    """A body that moves in control steps, which can be timed one by one."""

    environment: str
    control_hz: float
    physics_hz: float

    def prepare(self) -> None:
        """Draw the next action, and begin an episode if the last one is over; this is not timed."""
        ...

    def step(self) -> None:
        """Simulate one control step."""
        ...

    def contact_points(self) -> int:
        """The number of contact points now."""
        ...

    def close(self) -> None:
        """Free the physics."""
        ...


class MovingInfant:
    """An infant that moves at random, and starts again whenever its episode is over.

    Args:
        environment: Gymnasium id of its exercise.
        support: Site of the hands.
    """

    def __init__(self, environment: str = ENVIRONMENT, support: str = "none") -> None:
        self.environment = environment
        self._env: _Env = gym.make(environment, support=support)
        self._posture = cast("PostureEnv", self._env.unwrapped)
        spec = self._posture.build.spec
        self.control_hz, self.physics_hz = float(spec.control_hz), float(spec.physics_hz)
        self._actions = _RandomActions(self._env)
        self._is_over = False
        self._env.reset(seed=0)

    def time_bullet(self) -> NDArray[np.int64]:
        """Count the time inside Bullet's own steps from now on [ns], shape (1,)."""
        return time_steps(self.world.engine)

    @property
    def world(self) -> World:
        """The world in which the infant moves."""
        return self._posture.world

    def prepare(self) -> None:
        """Draw an action, and start again if the episode is over."""
        self._action = self._actions.draw()
        if self._is_over:
            self._env.reset()
            self._is_over = False

    def step(self) -> None:
        """Simulate one control step of the whole environment: delays, rewards and info included."""
        _, _, terminated, truncated, _ = self._env.step(self._action)
        self._is_over = terminated or truncated

    def reset(self) -> None:
        """Start again from the posture of the exercise."""
        self._env.reset()

    def contact_points(self) -> int:
        """Contact points between infant and scene, and of the infant with itself."""
        return len(self.world.contacts())

    def close(self) -> None:
        """Free the physics."""
        self._env.close()


class Humanoid:
    """Gymnasium's HumanoidStandup in MuJoCo, on the floor, with random actions.

    Raises:
        MachineProblem: If MuJoCo is not installed.
    """

    def __init__(self) -> None:
        self.environment = PEER
        try:
            self._env: _Env = gym.make(PEER)
        except (ImportError, gym.error.DependencyNotInstalled) as error:
            raise MachineProblem(
                f"{PEER}, beside which speed is measured, needs MuJoCo: pip install mujoco"
            ) from error
        self._mujoco = cast("Any", self._env.unwrapped)
        self.control_hz = 1 / self._mujoco.dt
        self.physics_hz = 1 / self._mujoco.model.opt.timestep
        self._actions = _RandomActions(self._env)
        self._is_over = False
        self._env.reset(seed=0)

    def prepare(self) -> None:
        """Draw an action, and begin an episode if the last one is over."""
        self._action = self._actions.draw()
        if self._is_over:
            self._env.reset()
            self._is_over = False

    def step(self) -> None:
        """Simulate one control step."""
        _, _, terminated, truncated, _ = self._env.step(self._action)
        self._is_over = terminated or truncated

    def contact_points(self) -> int:
        """Contact points of all bodies."""
        return int(self._mujoco.data.ncon)

    def close(self) -> None:
        """Free the physics."""
        self._env.close()


class _RandomActions:
    """Uniform random actions of full range."""

    def __init__(self, env: _Env) -> None:
        space = cast("gym.spaces.Box", env.action_space)
        self._low, self._high = space.low, space.high
        self._random = np.random.default_rng(0)

    def draw(self) -> _Action:
        """A random action, shape (n_actions,)."""
        return self._random.uniform(self._low, self._high).astype(np.float32)
