"""One policy in several exercises: each counts alike, however large its rewards are.

Rewards of two exercises may differ tenfold in size. Learnt from together as they are, the larger
teach the policy and its estimate of values, and the smaller are noise. So the rewards of an
exercise are divided by the root mean square of its returns so far, and the advantages of each
rollout are brought to mean 0 and standard deviation 1 for each exercise by itself.

Source:
    Hessel et al. (2019), Multi-task deep reinforcement learning with PopArt, arXiv:1809.04474,
    ``hessel2019`` (recalled), sets the aim. It scales the estimate of values; here, as in
    ``VecNormalize`` of stable-baselines3, rewards are scaled by the running size of the return.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.buffers import RolloutBuffer

from dmi_sim.training.policy import Array

_MEMORY_STEPS = 200_000
"""Steps of an exercise after which old returns begin to be forgotten."""
_TINY = 1e-8
_UNSEEN = (1.0, 100.0)
"""Size of the returns of an exercise that was never practised, and the steps that it counts as."""


class ReturnScales:
    """The running size of the returns of each exercise.

    A return is the discounted sum of the rewards of an episode up to now. The size starts at 1 and
    counts as much as 100 steps. A slot may go on to another exercise, see :meth:`practise`.

    Args:
        exercises: Name of the exercise of each slot at first.
        gamma: Discount of reward per control step.

    >>> scales = ReturnScales(["sitting", "standing", "standing"], gamma=0.9)
    >>> rewards = np.array([0.0, 3.0, 3.0], np.float32)
    >>> [f"{one:.2f}" for one in scales.scaled(rewards, np.zeros(3, bool))]
    ['0.00', '2.79', '2.79']
    """

    def __init__(self, exercises: Sequence[str], gamma: float) -> None:
        self._gamma = gamma
        self._returns: Array = np.zeros(len(exercises), np.float32)
        self._seen: dict[str, tuple[float, float]] = {}
        self._collected: list[tuple[str, ...]] = []
        self.practise(exercises)

    @property
    def state(self) -> dict[str, tuple[float, float]]:
        """Mean square of the returns of each exercise, and the steps that it is the mean of."""
        return dict(self._seen)

    def restore(self, state: Mapping[str, tuple[float, float]]) -> None:
        """Go on from a state."""
        self._seen.update(state)

    def practise(self, exercises: Sequence[str]) -> None:
        """Let the rewards of the next step on be those of these exercises.

        Args:
            exercises: Name of the exercise that each slot practises now.
        """
        self._now = tuple(exercises)
        self._slots = {name: np.array([one == name for one in exercises]) for name in self._now}
        for name in self._slots:
            self._seen.setdefault(name, _UNSEEN)

    def begin(self) -> None:
        """Begin an episode in every slot."""
        self._returns[:] = 0.0
        self._collected.clear()

    def scaled(self, rewards: Array, dones: NDArray[np.bool_]) -> Array:
        """The rewards of a step over the sizes of the returns, this step counted.

        Args:
            rewards: Reward of each slot, shape (n,).
            dones: Whether its episode ends with this step, shape (n,).
        """
        self._collected.append(self._now)
        self._returns = self._gamma * self._returns + rewards
        scaled = np.empty_like(rewards)
        for name, slots in self._slots.items():
            self._see(name, self._returns[slots])
            scaled[slots] = rewards[slots] / np.sqrt(self._seen[name][0] + _TINY)
        self._returns[dones] = 0.0
        return scaled

    def normalise_advantages(self, buffer: RolloutBuffer) -> None:
        """Bring the advantages of each exercise in a rollout to mean 0 and standard deviation 1.

        Args:
            buffer: The rollout of the last steps whose rewards were scaled.
        """
        steps = self.take_practised()[-len(buffer.advantages) :]
        if set(steps) <= {self._now}:  # whole columns, which numpy adds up in an order of its own
            places = [(slice(None), slots) for slots in self._slots.values()]
        else:
            practised = np.array(steps)
            places = [practised == name for name in dict.fromkeys(practised.flat)]
        for place in places:
            buffer.advantages[place] = _standard(buffer.advantages[place])

    def take_practised(self) -> list[tuple[str, ...]]:
        """The exercise of each slot in each step since this was asked last, oldest first."""
        practised = self._collected.copy()
        self._collected.clear()
        return practised

    def _see(self, name: str, returns: Array) -> None:
        mean_square, count = self._seen[name]
        count = min(count + returns.size, _MEMORY_STEPS)
        newer = float(np.mean(returns**2)) - mean_square
        self._seen[name] = mean_square + newer * returns.size / count, count


class NotedReturnScales(ReturnScales):
    """Sizes of returns for practice that is learnt from later: advantages stay as they are."""

    def normalise_advantages(self, buffer: RolloutBuffer) -> None:
        """Nothing; see :func:`counting_alike`."""


def counting_alike(advantages: Array, exercises: Sequence[str]) -> Array:
    """Advantages of one slot, brought to mean 0 and standard deviation 1 for each exercise.

    Args:
        advantages: Advantage of each step, shape (n,).
        exercises: Exercise of each step.

    >>> advantages = np.array([1.0, 3.0, 50.0, 70.0], np.float32)
    >>> counting_alike(advantages, ["sitting", "sitting", "standing", "standing"]).tolist()
    [-1.0, 1.0, -1.0, 1.0]
    """
    alike, practised = np.empty_like(advantages), np.array(exercises)
    for name in dict.fromkeys(exercises):
        alike[practised == name] = _standard(advantages[practised == name])
    return alike


def _standard(values: Array) -> Array:
    return (values - values.mean()) / (values.std() + _TINY)
