"""A condition made for tests, and what it does to a girl of 7 months."""

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
    """An assumed number, as a file would have it."""
    return {"value": value, "unit": unit, "basis": "assumed", "note": "for tests", **more}


def condition(changes: Mapping[str, object], **more: object) -> ConditionSpec:
    """A condition with these changes, each as a file would have it."""
    return ConditionSpec.model_validate(
        {"title": "Floppy", "description": "For tests.", "changes": changes, **more}
    )


def applied(
    spec: ConditionSpec, severity: float = 1.0, options: Mapping[str, object] | None = None
) -> tuple[Muscles, SensorimotorParams]:
    """Muscles and nervous layer of the infant under a condition."""
    chosen = resolve_options("floppy", spec, options)
    case = AppliedCondition("floppy", spec, chosen, severity)
    return with_condition(TYPICAL.muscles, TYPICAL.nervous, case, 7.0)
