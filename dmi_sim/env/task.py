"""What an exercise asks for, ready to be computed: its terms with their parameters set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from dmi_sim.env.context import StepContext, is_in_need_of_history
from dmi_sim.env.criteria import CRITERIA
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.terminations import TERMINATIONS
from dmi_sim.registry import bind
from dmi_sim.spec.exercise import CriterionSpec, ExerciseSpec, SuccessSpec, TermSpec


class WeightedTerm(NamedTuple):
    """A reward term of an exercise.

    Attributes:
        weight: Factor of its value in the reward.
        compute: Gives its value at a step.
    """

    weight: float
    compute: Callable[[StepContext], float]


@dataclass(frozen=True)
class Task:
    """Rewards, success criterion and ends of an exercise.

    Attributes:
        rewards: Reward terms by name, weighted per second.
        on_fall: Reward terms by name that count once, at a fall.
        criterion: Gives the share of success that is reached, 0 to 1.
        lasting: Criteria of success that have to be met for a share of the time.
        terminations: Each tells whether the infant has fallen; any one is enough.
        control_hz: Control steps per second [Hz].
        needs_contact_history: Whether a term reads what was touched before.
    """

    rewards: Mapping[str, WeightedTerm]
    on_fall: Mapping[str, WeightedTerm]
    criterion: Callable[[StepContext], float]
    terminations: tuple[Callable[[StepContext], bool], ...]
    control_hz: int
    lasting: tuple[Callable[[StepContext], float], ...] = ()
    needs_contact_history: bool = False

    @property
    def reward_names(self) -> tuple[str, ...]:
        """Names of all reward terms, those of a fall last."""
        return tuple(dict.fromkeys((*self.rewards, *self.on_fall)))

    def has_fallen(self, context: StepContext) -> bool:
        """Whether a step ends the episode as a fall."""
        return any(ends(context) for ends in self.terminations)

    def rewards_at(self, context: StepContext) -> dict[str, float]:
        """The share of each term in the reward of a step."""
        hz, rewards = self.control_hz, self.rewards.items()
        terms = {name: weight * value(context) / hz for name, (weight, value) in rewards}
        if context.has_fallen:
            terms |= {n: weight * value(context) for n, (weight, value) in self.on_fall.items()}
        return terms


def build_task(spec: ExerciseSpec) -> Task:
    """The task of an exercise whose names and parameters have been checked."""
    rewards = {name: _weighted(term) for name, term in spec.rewards.items()}
    on_fall = {name: _weighted(term) for name, term in spec.on_fall.items()}
    ends = tuple(bind(TERMINATIONS[end.term], end.params) for end in spec.terminations.values())
    also = spec.success.also
    criteria = [_bound(spec.success), *(_bound(one) for one in also if one.time_share is None)]
    lasting = tuple(_bound(one) for one in also if one.time_share is not None)
    terms = [term.compute for term in (*rewards.values(), *on_fall.values())]
    return Task(
        rewards=rewards,
        on_fall=on_fall,
        criterion=partial(_least_met, criteria) if also else criteria[0],
        terminations=ends,
        control_hz=spec.control_hz,
        lasting=lasting,
        needs_contact_history=any(map(is_in_need_of_history, (*terms, *criteria, *lasting, *ends))),
    )


def _bound(asked: SuccessSpec | CriterionSpec) -> Callable[[StepContext], float]:
    return bind(CRITERIA[asked.criterion].function, asked.params)


def _least_met(criteria: Sequence[Callable[[StepContext], float]], context: StepContext) -> float:
    """The share of what is met least; nothing is met in the step of a fall."""
    if context.has_fallen:
        return 0.0
    return min(criterion(context) for criterion in criteria)


def _weighted(term: TermSpec) -> WeightedTerm:
    return WeightedTerm(term.weight, bind(REWARD_TERMS[term.term], term.params))
