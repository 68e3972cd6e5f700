"""Rules that choose how balance is provoked: pure functions of what a therapist has seen.

To add one, write a function here, or in a plug-in, under ``@provocation_rule``: it takes a
:class:`~dmi_sim.therapy.seen.Seen`, the exercise and typed keywords, and gives a
:class:`Provocation`. Its name is then free to use in ``models/programmes/``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from dmi_sim.registry import Registry
from dmi_sim.spec.base import Fraction
from dmi_sim.therapy.seen import Seen
from dmi_sim.therapy.skills import Skill


@dataclass(frozen=True)
class Provocation:
    """How an exercise is practised.

    Attributes:
        skill: The exercise: the one that was chosen, or the same on a board that moves.
        pushes: Whether the child is pushed.
    """

    skill: Skill
    pushes: bool = False


ProvocationRule = Callable[..., Provocation]
ProvocationRuleT = TypeVar("ProvocationRuleT", bound=ProvocationRule)

PROVOCATION_RULES: Registry[ProvocationRule] = Registry("provocation rule")
"""Rules that choose a provocation, by name."""


def provocation_rule(function: ProvocationRuleT) -> ProvocationRuleT:
    """Register a function as a rule that chooses a provocation, under its name."""
    PROVOCATION_RULES.add(function.__name__, function)
    return function


@provocation_rule
def none(seen: Seen, skill: Skill) -> Provocation:
    """Nothing but the exercise itself."""
    return Provocation(skill)


@provocation_rule
def pushes(seen: Seen, skill: Skill, *, share: Fraction = 1.0) -> Provocation:
    """Pushes, where the exercise has them.

    Args:
        seen: What has been seen.
        skill: The exercise.
        share: Share of the trials with pushes, drawn at random.
    """
    return Provocation(skill, pushes=skill.offers_pushes and _is_drawn(seen, share))


@provocation_rule
def platform(seen: Seen, skill: Skill, *, share: Fraction = 1.0) -> Provocation:
    """The same posture on a board that moves, where there is such an exercise.

    Args:
        seen: What has been seen.
        skill: The exercise.
        share: Share of the trials on the board, drawn at random.
    """
    moves = skill.board is not None and _is_drawn(seen, share)
    return Provocation(seen.skill(skill.board) if moves and skill.board else skill)


def _is_drawn(seen: Seen, share: float) -> bool:
    return float(seen.random.random()) < share
