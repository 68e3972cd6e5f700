"""How much of an exercise is completed: the longest time at its criterion, or the way there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dmi_sim.env.shaping import share_of
from dmi_sim.spec.exercise import SuccessSpec

_ROUNDING_S = 1e-6
"""Sums of control steps fall short by less."""


@dataclass(frozen=True)
class CriterionProgress:
    """The progress of an infant so far in an episode.

    Attributes:
        hold_s: Time for which the criterion has to be held [s]; 0 if getting there is enough.
        best: Largest share of the exercise so far.
        streak_s: Time for which the criterion has been held up to now [s].
        no_fall_s: Time without a fall that success asks for besides [s]; 0 for none.
        time_shares: Shares of the time in which each of some further criteria has to be met.
        met_steps: Control steps in which each of them was met so far.
        steps: Control steps so far.
        without_fall_s: Time without a fall so far [s].

    >>> round(CriterionProgress(hold_s=2.0).after(1.0, dt_s=1.0).completion, 3)
    0.5
    """

    hold_s: float
    best: float = 0.0
    streak_s: float = 0.0
    no_fall_s: float = 0.0
    time_shares: tuple[float, ...] = ()
    met_steps: tuple[int, ...] = ()
    steps: int = 0
    without_fall_s: float = 0.0

    def after(
        self,
        share: float,
        dt_s: float,
        lasting: Sequence[float] = (),
        *,
        has_fallen: bool = False,
    ) -> "CriterionProgress":
        """The progress one control step later.

        Args:
            share: Share of the criterion that is reached now.
            dt_s: Control step [s].
            lasting: Shares that are reached now of what has to be met for a share of the time.
            has_fallen: Whether the infant falls in this step.
        """
        streak_s, steps = self.streak_s + dt_s if share >= 1.0 else 0.0, self.steps + 1
        reached = min(1.0, (streak_s + _ROUNDING_S) / self.hold_s) if self.hold_s else share
        met = self.met_steps
        if self.time_shares:
            met = tuple(n + (now >= 1.0) for n, now in zip(met, lasting, strict=True))
            shares = zip(met, self.time_shares, strict=True)
            reached = min(reached, *(share_of(count / steps, asked) for count, asked in shares))
        return replace(
            self,
            best=max(self.best, reached),
            streak_s=streak_s,
            met_steps=met,
            steps=steps,
            without_fall_s=self.without_fall_s + (0.0 if has_fallen else dt_s),
        )

    @property
    def completion(self) -> float:
        """Completed share, 0 to 1: of the time to be held, or else of the criterion.

        It is no more than the shares of the time in which the further criteria were met, and than
        the share of the time without a fall that is asked for.
        """
        best = max(self.best, _ROUNDING_S / self.hold_s) if self.hold_s else self.best
        if not self.no_fall_s:
            return best
        return min(best, (self.without_fall_s + _ROUNDING_S) / self.no_fall_s)


def begin_progress(success: SuccessSpec) -> CriterionProgress:
    """The progress at the start of an episode."""
    time_shares = tuple(one.time_share for one in success.also if one.time_share is not None)
    return CriterionProgress(
        success.hold_s,
        no_fall_s=success.no_fall_s,
        time_shares=time_shares,
        met_steps=(0,) * len(time_shares),
    )
