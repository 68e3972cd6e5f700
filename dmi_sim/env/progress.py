"""How much of an exercise has been done: the longest time at its criterion, or the way there."""

from dataclasses import dataclass

from dmi_sim.spec.exercise import SuccessSpec

_ROUNDING_S = 1e-6
"""Sums of control steps fall short by less."""


@dataclass(frozen=True)
class CriterionProgress:
    """What an infant has reached so far in an episode.

    Attributes:
        aimed_s: How long the goal has to be held; 0 if getting there is enough.
        best: Largest share of the goal so far.
        streak_s: How long the goal has been held up to now [s].
        longest_s: Longest such time [s].
    """

    aimed_s: float
    best: float = 0.0
    streak_s: float = 0.0
    longest_s: float = 0.0

    def after(self, share: float, dt_s: float) -> "CriterionProgress":
        """The attempt one control step later.

        Args:
            share: Of the criterion, now.
            dt_s: Control step [s].
        """
        streak_s = self.streak_s + dt_s if share >= 1.0 else 0.0
        longest_s = max(self.longest_s, streak_s)
        return CriterionProgress(self.aimed_s, max(self.best, share), streak_s, longest_s)

    @property
    def completion(self) -> float:
        """Completed share, 0 to 1: of the time to be held, or else of the criterion."""
        if not self.aimed_s:
            return self.best
        return min(1.0, (self.longest_s + _ROUNDING_S) / self.aimed_s)


def begin(spec: SuccessSpec) -> CriterionProgress:
    """An attempt that has not begun."""
    return CriterionProgress(spec.hold_s)
