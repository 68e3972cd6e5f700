"""How much of an exercise is completed: the longest time at its criterion, or the way there."""

from dataclasses import dataclass

_ROUNDING_S = 1e-6
"""Sums of control steps fall short by less."""


@dataclass(frozen=True)
class CriterionProgress:
    """The progress of an infant so far in an episode.

    Attributes:
        hold_s: Time for which the criterion has to be held [s]; 0 if getting there is enough.
        best: Largest share of the criterion so far.
        streak_s: Time for which the criterion has been held up to now [s].
        longest_s: Longest such time [s].

    >>> round(CriterionProgress(hold_s=2.0).after(1.0, dt_s=1.0).completion, 3)
    0.5
    """

    hold_s: float
    best: float = 0.0
    streak_s: float = 0.0
    longest_s: float = 0.0

    def after(self, share: float, dt_s: float) -> "CriterionProgress":
        """The progress one control step later.

        Args:
            share: Share of the criterion that is reached now.
            dt_s: Control step [s].
        """
        streak_s = self.streak_s + dt_s if share >= 1.0 else 0.0
        longest_s = max(self.longest_s, streak_s)
        return CriterionProgress(self.hold_s, max(self.best, share), streak_s, longest_s)

    @property
    def completion(self) -> float:
        """Completed share, 0 to 1: of the time to be held, or else of the criterion."""
        if not self.hold_s:
            return self.best
        return min(1.0, (self.longest_s + _ROUNDING_S) / self.hold_s)
