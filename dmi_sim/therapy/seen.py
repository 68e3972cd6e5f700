"""What a rule may look at: what has been seen of a child, the exercises, and a random draw."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from dmi_sim.therapy.skills import Skill, Skills, skill_named
from dmi_sim.therapy.state import Memory, TherapistState

Draw = Literal["exercise", "site", "firmness", "provocation"]
"""What may be drawn at random; each has numbers of its own."""
_DRAWS: tuple[Draw, ...] = get_args(Draw)


@dataclass(frozen=True)
class Seen:
    """All that a rule may look at; the brain of the child is not among it.

    Attributes:
        state: What is remembered of the child.
        skills: All exercises that are known, from the lowest skill to the highest.
        ladder: Those of them that a rule may choose: no exercise on a board that moves, which
            provokes balance in another one, and none that the programme leaves out.
        draws: Gives the source of random numbers of this trial; most rules never ask for it.
    """

    state: TherapistState
    skills: Skills
    ladder: Skills
    draws: Callable[[], np.random.Generator]

    @cached_property
    def random(self) -> np.random.Generator:
        """Numbers drawn for this trial; they follow from the seed and the number of the trial."""
        return self.draws()

    def of(self, skill: Skill) -> Memory:
        """What is remembered of an exercise."""
        return self.state.of(skill.name)

    def skill(self, name: str) -> Skill:
        """The exercise of a name.

        Raises:
            InputError: If it is not known.
        """
        return skill_named(name, self.skills)

    def trials_since(self, skill: Skill) -> int:
        """Trials of other exercises since the last one of this; all trials if there was none."""
        recent = self.of(skill).recent
        return self.state.trials - recent[-1].number - 1 if recent else self.state.trials

    def is_mastered(self, skill: Skill, success: float, of_last: int, *, alone: bool) -> bool:
        """Whether enough of the last trials of an exercise succeeded.

        Args:
            skill: The exercise.
            success: Least share of successes.
            of_last: Number of trials of which the share is taken; there must have been so many.
            alone: Whether only trials in the least hands that the exercise allows count.
        """
        least = skill.sites[-1]
        share = self.of(skill).share(of_last, lambda one: one.site == least or not alone)
        return share is not None and share >= success


def drawn(state: TherapistState, what: Draw) -> np.random.Generator:
    """Random numbers for the next trial, from the seed and the number of the trial alone.

    >>> state = TherapistState(seed=1, first_age_months=6, age_months=6)
    >>> drawn(state, "site").random() == drawn(state, "site").random()
    True
    """
    entropy = (state.seed, state.trials, _DRAWS.index(what))
    return np.random.default_rng(np.random.SeedSequence(entropy))
