"""What a therapist remembers of a child: what it has seen, kept compactly, and nothing else."""

from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import Field, NonNegativeFloat, NonNegativeInt

from dmi_sim.spec.base import Fraction, Strict
from dmi_sim.therapy.trial import TrialRecord

KEPT = 20
"""Trials of an exercise that a therapist remembers one by one."""

Last = Annotated[int, Field(ge=1, le=KEPT)]
"""A number of trials, counted back from the last, as the parameter of a rule."""


class Glimpse(Strict):
    """What is remembered of one trial."""

    number: NonNegativeInt
    """Number of the trial among all that were seen, from 0."""
    site: str
    """Site of the hands."""
    is_success: bool
    """Whether the exercise succeeded."""
    completion: Fraction
    """Share of the exercise that was completed."""
    fell: bool
    """Whether the child fell."""
    support_share: float
    """Mean share of body weight in the hands; negative where they press down."""
    support_impulse_n_s: NonNegativeFloat
    """Impulse of the hands [N s]."""


class Memory(Strict):
    """What is remembered of one exercise."""

    trials: NonNegativeInt = 0
    """Trials that were seen."""
    successes: NonNegativeInt = 0
    """Trials that succeeded."""
    practice_h: NonNegativeFloat = 0.0
    """Time of all these trials together [h]."""
    firmness: Fraction | None = None
    """What the rule of firmness said for the last trial; None before the first."""
    recent: tuple[Glimpse, ...] = ()
    """The last trials, the newest last."""
    at_sites: dict[str, tuple[bool, ...]] = Field(default_factory=dict)
    """Whether each of the last trials in which hands held at a site succeeded, the newest last;
    they are kept while hands are elsewhere."""

    def after(self, number: int, record: TrialRecord, firmness: float) -> "Memory":
        """The memory after one more trial.

        Args:
            number: Number of the trial among all.
            record: What was seen.
            firmness: What the rule of firmness had said, whether hands held or not.
        """
        seen = Glimpse(
            number=number,
            site=record.trial.support,
            is_success=record.is_success,
            completion=record.completion,
            fell=record.fell,
            support_share=record.support_share,
            support_impulse_n_s=record.support_impulse_n_s,
        )
        at_site = (*self.at_sites.get(seen.site, ()), seen.is_success)[-KEPT:]
        return Memory(
            trials=self.trials + 1,
            successes=self.successes + record.is_success,
            practice_h=self.practice_h + record.duration_s / 3600,
            firmness=firmness,
            recent=(*self.recent, seen)[-KEPT:],
            at_sites={**self.at_sites, seen.site: at_site},
        )

    def at_the_last_site(self) -> tuple[Glimpse, ...]:
        """The trials since hands came to where they held last, the newest last."""
        start = len(self.recent)
        while start and self.recent[start - 1].site == self.recent[-1].site:
            start -= 1
        return self.recent[start:]

    def share(
        self, of_last: int, which: Callable[[Glimpse], bool] = lambda one: True
    ) -> float | None:
        """Share of successes among the last trials of a kind; None if there were too few.

        Args:
            of_last: Number of trials of which the share is taken.
            which: Tells the trials that count.
        """
        return _share([one.is_success for one in self.recent if which(one)], of_last)

    def share_at(self, site: str, of_last: int) -> float | None:
        """Share of successes among the last trials at a site; None if there were too few.

        Args:
            site: Site of the hands; they may have been elsewhere since.
            of_last: Number of trials of which the share is taken.
        """
        return _share(self.at_sites.get(site, ()), of_last)


def _share(successes: Sequence[bool], of_last: int) -> float | None:
    return None if len(successes) < of_last else sum(successes[-of_last:]) / of_last


class Order(Strict):
    """An exercise that is being repeated."""

    exercise: str
    """The exercise that was chosen, whether it is practised on a board or not."""
    left: NonNegativeInt
    """Trials before the next exercise is chosen."""


class TherapistState(Strict):
    """What a therapist knows of one child between two trials; it survives being written as JSON.

    >>> state = TherapistState(seed=1, first_age_months=6, age_months=6)
    >>> TherapistState.model_validate_json(state.model_dump_json()) == state
    True
    """

    seed: NonNegativeInt
    """Seed of all that is drawn at random."""
    first_age_months: NonNegativeFloat
    """Age at which the therapist met the child [months]."""
    age_months: NonNegativeFloat
    """Age at the last trial [months]."""
    trials: NonNegativeInt = 0
    """Trials that were seen, of all exercises; so the number of the next one."""
    order: Order | None = None
    """The exercise that is being repeated; None before the first trial."""
    memory: dict[str, Memory] = Field(default_factory=dict)
    """What is remembered of each exercise that was practised."""

    def of(self, exercise: str) -> Memory:
        """What is remembered of an exercise; an empty memory if it was never practised."""
        return self.memory.get(exercise, Memory())
