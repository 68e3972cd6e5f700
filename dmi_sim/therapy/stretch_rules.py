"""Rules that say how muscles are stretched in a session.

What stretching does to the length of a muscle follows from the posture and the minutes, in
:mod:`dmi_sim.muscle.adaptation`. To add a rule, write a function here, or in a plug-in, under
``@stretch_rule``: it takes the minutes of a session and typed keywords, and gives a
:class:`Stretch`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

from pydantic import AfterValidator, Field

from dmi_sim.registry import Registry
from dmi_sim.spec.base import Positive
from dmi_sim.spec.exercise import both_sides


@dataclass(frozen=True)
class Stretch:
    """How the minutes of a session are used.

    Attributes:
        practice_min: Time that is left for exercises [min].
        passive_min: Time in which the therapist stretches, and the child does nothing [min].
        active_min: Part of the practice that stretches because the child moves so [min].
        held_deg: Axis and angle of the joints that the therapist holds, the others being at rest
            [deg].
    """

    practice_min: float
    passive_min: float = 0.0
    active_min: float = 0.0
    held_deg: tuple[tuple[str, float], ...] = ()


def _known_joint(label: str) -> str:
    both_sides(label)
    return label


JointName: TypeAlias = Annotated[str, AfterValidator(_known_joint)]
"""An axis of a joint such as ``ankle.flexion``, on both sides if none is named."""
AngleDeg: TypeAlias = Annotated[float, Field(ge=-180, le=180)]
"""An angle of a joint [deg]."""

StretchRule = Callable[..., Stretch]
StretchRuleT = TypeVar("StretchRuleT", bound=StretchRule)

STRETCH_RULES: Registry[StretchRule] = Registry("stretch rule")
"""Rules of stretching by name."""


def stretch_rule(function: StretchRuleT) -> StretchRuleT:
    """Register a function as a rule of stretching, under its name."""
    STRETCH_RULES.add(function.__name__, function)
    return function


@stretch_rule
def none(session_min: float) -> Stretch:
    """No stretching; the whole session is practice."""
    return Stretch(session_min)


@stretch_rule
def passive(
    session_min: float, *, joint: JointName, angle_deg: AngleDeg, minutes: Positive
) -> Stretch:
    """Joints are held at an angle for some minutes, which are taken from the practice.

    Args:
        session_min: Length of the session [min].
        joint: Axis of the joint.
        angle_deg: Angle at which it is held [deg].
        minutes: Time for which it is held [min].

    Raises:
        ValueError: If the session is not longer than that.
    """
    if minutes >= session_min:
        raise ValueError(f"minutes: {minutes:g} leave no practice in {session_min:g} minutes")
    held = ((joint, angle_deg),)
    return Stretch(session_min - minutes, passive_min=minutes, held_deg=held)


@stretch_rule
def active(session_min: float) -> Stretch:
    """Stretching comes with the exercises, and takes no time of its own."""
    return Stretch(session_min, active_min=session_min)
