"""Rules that choose how firmly hands hold: pure functions of what a therapist has seen.

To add one, write a function here, or in a plug-in, under ``@firmness_rule``: it takes a
:class:`~dmi_sim.therapy.seen.Seen`, the exercise and typed keywords, and gives a number from 0 to
1. Its name is then free to use in ``models/programmes/``. What changes with practice does so as a
:class:`~dmi_sim.spec.support_schedule.SupportSchedule` says.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar

from pydantic import Field

from dmi_sim.env.support_schedule import EpisodeResult, SupportState, state_after, support_at
from dmi_sim.registry import Registry
from dmi_sim.spec.base import Fraction, Positive
from dmi_sim.spec.support_schedule import SupportSchedule
from dmi_sim.therapy.seen import Seen
from dmi_sim.therapy.skills import NONE, Skill

FirmnessRule = Callable[..., float]
FirmnessRuleT = TypeVar("FirmnessRuleT", bound=FirmnessRule)
Forgetting = Annotated[float, Field(ge=0, lt=1)]
"""A share that is kept, less than all, as the parameter of a rule."""

FIRMNESS_RULES: Registry[FirmnessRule] = Registry("firmness rule")
"""Rules that choose a firmness, by name."""


def firmness_rule(function: FirmnessRuleT) -> FirmnessRuleT:
    """Register a function as a rule that chooses a firmness, under its name."""
    FIRMNESS_RULES.add(function.__name__, function)
    return function


@firmness_rule
def constant(seen: Seen, skill: Skill, *, firmness: Fraction) -> float:
    """The same firmness, always.

    Args:
        seen: What has been seen.
        skill: The exercise.
        firmness: The firmness.
    """
    return firmness


@firmness_rule
def faded(seen: Seen, skill: Skill, *, start: Fraction, to: Fraction, over_h: Positive) -> float:
    """Firmness that changes steadily with the hours of practice in an exercise.

    Args:
        seen: What has been seen.
        skill: The exercise; each fades on its own.
        start: Firmness at the beginning.
        to: Firmness after the practice.
        over_h: Practice that the change takes [h].
    """
    schedule = _schedule({"by": "dose", "from": start, "to": to, "over_h": over_h})
    return support_at(schedule, SupportState(dose_h=seen.of(skill).practice_h)).firmness


@firmness_rule
def as_needed(
    seen: Seen,
    skill: Skill,
    *,
    start: Fraction = 0.5,
    gain: Fraction = 0.2,
    forgetting: Forgetting = 0.8,
    at_most: Fraction = 1.0,
) -> float:
    """Assistance as needed: firmness grows with error and is forgotten from trial to trial.

    After a trial of which the share e was not completed, firmness R becomes ``forgetting R + gain
    e``; see :class:`~dmi_sim.spec.support_schedule.FirmnessByNeed`.

    Args:
        seen: What has been seen.
        skill: The exercise; each has a firmness of its own.
        start: Firmness at the beginning.
        gain: Firmness added after a trial of which nothing was completed.
        forgetting: Share of the firmness that is kept from one trial to the next.
        at_most: Largest firmness.

    Source:
        Emken, Benitez and Reinkensmeyer (2007), J. NeuroEng. Rehabil. 4, 8; ``emken2007``.
    """
    rule = {"by": "need", "from": start, "gain": gain, "forgetting": forgetting, "at_most": at_most}
    schedule, memory = _schedule(rule), seen.of(skill)
    state = SupportState(firmness=memory.firmness)
    if memory.recent:
        last = memory.recent[-1]
        state = state_after(schedule, state, EpisodeResult(last.is_success, last.completion))
    return support_at(schedule, state).firmness


def _schedule(firmness: Mapping[str, object]) -> SupportSchedule:
    """A schedule of firmness; its rules do not look at the site."""
    return SupportSchedule.model_validate({"site": NONE, "firmness": firmness})
