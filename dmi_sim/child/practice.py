"""Practice of ordered trials: at each reset somebody is asked what comes next.

One trial follows the other. Trials side by side would give the learner the same number of steps in
less time, by a twentieth as measured, but whoever orders them would then be blind: it would order a
trial before the one before had been seen, and the same one for every slot. So the order in which
trials are seen is simply that in which they happen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, SupportsFloat, TypeVar

import gymnasium as gym
import numpy as np

from dmi_sim.child.rooms import Rooms
from dmi_sim.physics.state import State
from dmi_sim.rollout.environment import control_hz, state_of
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.therapy.trial import Trial, TrialRecord

StateT = TypeVar("StateT")


class Orders(Protocol[StateT]):
    """Whoever orders trials from what was seen: a therapist, or a child at play."""

    def order(self, state: StateT) -> Trial:
        """The next trial; the same one for the same state."""
        ...

    def see(self, state: StateT, record: TrialRecord) -> StateT:
        """The state after a trial was seen."""
        ...


@dataclass(frozen=True)
class PractisedTrial:
    """A trial as it went.

    Attributes:
        record: What is to be seen of it.
        is_whole: Whether it came to an end by itself. One that is cut off, or that a fault of the
            physics ends, is practice, but neither a success nor a failure, and nobody is told of
            it.
    """

    record: TrialRecord
    is_whole: bool


class Attention(Generic[StateT]):
    """Who orders trials in a session, what it has seen so far, and all that was practised.

    Args:
        orders: Whoever orders trials.
        state: What it has seen before.

    Attributes:
        state: What it has seen by now.
        practised: All trials of the session, oldest first.
    """

    def __init__(self, orders: Orders[StateT], state: StateT) -> None:
        self._orders, self.state = orders, state
        self.practised: list[PractisedTrial] = []

    def next_trial(self) -> Trial:
        """The trial that comes now."""
        return self._orders.order(self.state)

    def add(self, trial: PractisedTrial) -> None:
        """Note a trial that is over; one that is whole is seen."""
        self.practised.append(trial)
        if trial.is_whole:
            self.state = self._orders.see(self.state, trial.record)


@dataclass
class _Sums:
    """What adds up over the steps of a trial."""

    steps: int = 0
    force_n: float = 0.0
    share: float = 0.0
    completion: float = 0.0


def _look_away(_state: State) -> None:
    """Do nothing."""


class OrderedTrials(gym.Wrapper[Any, Any, Any, Any]):
    """An environment in which each reset begins the trial that is ordered next.

    A trial depends on its number, on the seed and on what the child does: the seed of a reset, and
    all that happened in a room before, do not matter.

    Args:
        rooms: Rooms of the child.
        attention: Whoever orders trials.
        seed_of: Gives the seed of a trial for its number in the session, from 0.
        age_months: Age of the child [months].
        on_step: Called with the state of the world after each control step.
    """

    def __init__(
        self,
        rooms: Rooms,
        attention: Attention[Any],
        seed_of: Callable[[int], int],
        age_months: float,
        on_step: Callable[[State], None] = _look_away,
    ) -> None:
        super().__init__(rooms.any)
        self._rooms, self._attention, self._seed_of = rooms, attention, seed_of
        self._age_months, self._on_step = age_months, on_step
        self._number = 0
        self._trial: Trial | None = None
        self._sums = _Sums()

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin the next trial; one that is under way is cut off.

        Args:
            seed: Not used.
            options: Not used.

        Raises:
            InputError: If the exercise does not offer what is ordered.
        """
        self.cut_off()
        trial = self._attention.next_trial()
        self.env = self._rooms.of(trial.exercise)
        begun = self.env.reset(seed=self._seed_of(self._number), options=options_of(trial))
        self._trial, self._sums = trial, _Sums()
        self._number += 1
        return begun

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """One control step; the last one of a trial tells of it."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        self._on_step(state_of(self.env))
        sums = self._sums
        sums.steps += 1
        sums.force_n += info["support_force_n"]
        sums.share += info["support_share"]
        sums.completion = info["completion"]
        if terminated or truncated:
            is_whole = not info["physics_fault"]
            self._tell(is_whole=is_whole, is_success=info["is_success"], fell=terminated)
        return observation, reward, terminated, truncated, info

    @property
    def is_under_way(self) -> bool:
        """Whether a trial has begun to be practised and is not over."""
        return self._trial is not None and self._sums.steps > 0

    def cut_off(self) -> None:
        """End the trial that is under way, if one is."""
        if self.is_under_way:
            self._tell(is_whole=False, is_success=False, fell=False)

    def _tell(self, *, is_whole: bool, is_success: bool, fell: bool) -> None:
        if self._trial is None:
            return
        sums, hz = self._sums, control_hz(self.env)
        record = TrialRecord(
            self._trial,
            self._age_months,
            is_success=bool(is_success),
            completion=float(sums.completion),
            fell=bool(fell),
            duration_s=sums.steps / hz,
            support_share=float(sums.share / sums.steps),
            support_impulse_n_s=float(sums.force_n / hz),
        )
        self._trial = None
        self._attention.add(PractisedTrial(record, is_whole))


def options_of(trial: Trial) -> dict[str, Any]:
    """Options of a reset that begins a trial.

    >>> options_of(Trial("sitting", "pelvis", 0.5))
    {'support': 'pelvis', 'support_strength': 0.5, 'pushes': False}
    """
    return {
        "support": trial.support,
        "support_strength": trial.firmness,
        "pushes": trial.pushes,
    }


def trial_seed(seed: int, session: int, trial: int) -> int:
    """The seed of a trial, below those of all tests.

    Args:
        seed: Seed of the child.
        session: Number of the session in its life, from 0.
        trial: Number of the trial in the session, from 0.
    """
    drawn = np.random.SeedSequence([seed, session, trial]).generate_state(1)[0]
    return int(drawn) % FIRST_EVALUATION_SEED
