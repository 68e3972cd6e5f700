"""Rules that choose what is practised next: pure functions of what a therapist has seen.

To add one, write a function here, or in a plug-in, under ``@exercise_rule``: it takes a
:class:`~dmi_sim.therapy.seen.Seen` and typed keywords, and gives an exercise of those that are
known. Its name is then free to use in ``models/programmes/``.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from dmi_sim.registry import Registry
from dmi_sim.spec.base import Count, Fraction
from dmi_sim.spec.free_play import Shares
from dmi_sim.therapy.seen import Seen
from dmi_sim.therapy.skills import Skill, Skills
from dmi_sim.therapy.state import Last

ExerciseRule = Callable[..., Skill]
ExerciseRuleT = TypeVar("ExerciseRuleT", bound=ExerciseRule)

EXERCISE_RULES: Registry[ExerciseRule] = Registry("exercise rule")
"""Rules that choose an exercise, by name."""


def exercise_rule(function: ExerciseRuleT) -> ExerciseRuleT:
    """Register a function as a rule that chooses an exercise, under its name."""
    EXERCISE_RULES.add(function.__name__, function)
    return function


@exercise_rule
def highest_reachable(
    seen: Seen,
    *,
    among: Count = 3,
    success: Fraction = 0.2,
    of_last: Last = 10,
    retry_after: Count = 100,
) -> Skill:
    """The highest skills that a child can reach, in turn.

    An exercise is reached once a share of the last trials succeeded, in whatever hands; with as
    many trials and less success it is left for some time. The next skill above the highest that was
    reached is tried, and whatever suits the age at which the therapist met the child. Where fewer
    exercises are open than take turns, the lowest of those that were left take turns with them, so
    that nobody is kept at the one thing that it can do.

    Args:
        seen: What has been seen.
        among: Number of exercises that take turns, the highest ones.
        success: Least share of successes at which an exercise is reached.
        of_last: Number of trials of which the share is taken.
        retry_after: Trials of other exercises after which one that was not reached is tried again.
    """
    shares = [seen.of(skill).share(of_last) for skill in seen.ladder]
    reached = [place for place, share in enumerate(shares) if (share or 0.0) >= success > 0]
    top = max(_place_by_age(seen), max(reached, default=-1) + 1)
    open_to, left = list[Skill](), list[Skill]()
    for skill, share in zip(seen.ladder[: top + 1], shares, strict=False):
        is_open = share is None or share >= success or seen.trials_since(skill) >= retry_after
        (open_to if is_open else left).append(skill)
    highest = open_to[-1 : -among - 1 : -1]
    return _in_turn(seen, [*highest, *left[: among - len(highest)]])


def _place_by_age(seen: Seen) -> int:
    """The place of the highest skill that suits the age at which the therapist met the child."""
    met = seen.state.first_age_months
    return max(sum(one.typical_age_months <= met for one in seen.ladder) - 1, 0)


def _in_turn(seen: Seen, skills: Iterable[Skill]) -> Skill:
    """The exercise that was practised longest ago; of those never practised, the first one."""
    return max(skills, key=seen.trials_since)


@exercise_rule
def lowest_not_mastered(
    seen: Seen,
    *,
    among: Count = 1,
    success: Fraction = 0.8,
    of_last: Last = 10,
    alone: bool = False,
) -> Skill:
    """The lowest skills that a child has not mastered, in turn; the highest ones after the last.

    Args:
        seen: What has been seen.
        among: Number of exercises that take turns, the lowest ones.
        success: Least share of successes at which an exercise is mastered.
        of_last: Number of trials of which the share is taken; there must have been so many.
        alone: Whether only trials in the least hands that the exercise allows count. A programme
            that never takes its hands away would then stay at its first exercises for ever, and
            that by its rules, whatever the child can do.
    """
    left = [
        skill for skill in seen.ladder if not seen.is_mastered(skill, success, of_last, alone=alone)
    ]
    return _in_turn(seen, left[:among] or seen.ladder[-among:])


@exercise_rule
def in_order(seen: Seen, *, exercises: tuple[str, ...]) -> Skill:
    """Some exercises one after another, and then from the first one again.

    Args:
        seen: What has been seen.
        exercises: Their names, each once.
    """
    if not exercises or len({*exercises}) < len(exercises):
        raise ValueError(f"exercises: must name some, each once, not {', '.join(exercises)}")
    before = seen.state.order.exercise if seen.state.order else exercises[-1]
    place = exercises.index(before) + 1 if before in exercises else 0
    return seen.skill(exercises[place % len(exercises)])


@exercise_rule
def by_shares(seen: Seen, *, exercises: Shares) -> Skill:
    """Some exercises, each with its share of the time: that which lags behind its share most.

    Args:
        seen: What has been seen.
        exercises: Weights of the exercises by name; their sum does not matter.
    """

    def practised(name: str) -> float:
        return seen.state.of(name).practice_h / exercises[name]

    return seen.skill(min(exercises, key=practised))


@exercise_rule
def at_random(seen: Seen) -> Skill:
    """Any exercise, all alike."""
    return _drawn(seen, seen.ladder)


def _drawn(seen: Seen, skills: Skills) -> Skill:
    return skills[int(seen.random.integers(len(skills)))]
