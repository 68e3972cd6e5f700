"""Free play: a child practises on its own, in nobody's hands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from dmi_sim.therapy.trial import Trial, TrialRecord

_HEAD_START_S = 10.0
"""Scale of the random head starts [s], about the length of a trial."""


@dataclass(frozen=True)
class PlayState:
    """How long a child has played, in this session.

    Attributes:
        played_s: Time of each exercise, with the head start that it was given [s].
    """

    played_s: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class FreePlay:
    """A child that shares its time by exercises: next is that which lags behind its share most.

    Attributes:
        shares: Share of the time that each exercise has.
        sites: The least support that each exercise allows, which is ``none`` wherever the child can
            do without hands.

    >>> play = FreePlay({"sitting": 0.75, "rolling": 0.25}, {"sitting": "none", "rolling": "none"})
    >>> play.order(play.begin(seed=0)).support
    'none'
    """

    shares: Mapping[str, float]
    sites: Mapping[str, str]

    def begin(self, seed: int) -> PlayState:
        """The state before a session.

        Each exercise gets a random head start, so that in sessions too short for all each comes
        first as often as its share says.

        Args:
            seed: Seed of the head starts.
        """
        drawn = np.random.default_rng(seed).exponential(_HEAD_START_S, len(self.shares))
        return PlayState(dict(zip(self.shares, drawn.tolist(), strict=True)))

    def order(self, state: PlayState) -> Trial:
        """The next trial."""
        exercise = min(self.shares, key=lambda name: state.played_s[name] / self.shares[name])
        return Trial(exercise, self.sites[exercise])

    def see(self, state: PlayState, record: TrialRecord) -> PlayState:
        """The state after a trial."""
        name = record.trial.exercise
        longer = {name: state.played_s[name] + record.duration_s}
        return replace(state, played_s={**state.played_s, **longer})
