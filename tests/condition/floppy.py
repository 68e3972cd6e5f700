"""A condition made for tests, and its effect on a girl of 7 months."""

from collections.abc import Mapping

from dmi_sim.condition.options import resolve_options
from dmi_sim.condition.transform import AppliedCondition, with_condition
from dmi_sim.infant import Infant
from dmi_sim.muscle.groups import Muscles
from dmi_sim.nervous.sensorimotor import SensorimotorParams
from dmi_sim.spec.condition import ConditionSpec

TYPICAL = Infant.from_spec(7)
SIDES = {"description": "Side", "choices": ["left", "right"], "default": "left"}


def amount(value: object, unit: str = "1", **more: object) -> dict[str, object]:
    """An assumed quantity, as in a file."""
    return {"value": value, "unit": unit, "basis": "assumed", "note": "for tests", **more}


def condition(changes: Mapping[str, object], **more: object) -> ConditionSpec:
    """A condition with these changes, each as in a file."""
    return ConditionSpec.model_validate(
        {"title": "Floppy", "description": "For tests.", "changes": changes, **more}
    )


def applied(
    spec: ConditionSpec, severity: float = 1.0, options: Mapping[str, object] | None = None
) -> tuple[Muscles, SensorimotorParams]:
    """Muscles and sensorimotor parameters of the infant under a condition."""
    resolved = resolve_options("floppy", spec, options)
    floppy = AppliedCondition("floppy", spec, resolved, severity)
    return with_condition(TYPICAL.muscles, TYPICAL.nervous, floppy, 7.0)
