"""Apply a condition to the muscles, passive tissue and nervous layer of a typical infant."""

from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.anthropometry import curve_at
from dmi_sim.condition.extent import Extent
from dmi_sim.condition.options import Options
from dmi_sim.condition.parameters import TARGET_FIELDS, Subsystem, TargetField
from dmi_sim.errors import InputError
from dmi_sim.muscle.groups import Muscles
from dmi_sim.muscle.tissue import Tissue
from dmi_sim.nervous.sensorimotor import SensorimotorParams, SensoryNoise
from dmi_sim.spec.condition import Change, ConditionSpec

Subsystems = dict[Subsystem, Muscles | Tissue | SensorimotorParams | SensoryNoise]
"""The dataclasses of one infant that conditions change."""


@dataclass(frozen=True)
class AppliedCondition:
    """A condition with all that a user chose about it.

    Attributes:
        name: Name of the condition.
        spec: The file of the condition.
        options: Value of every option of the condition.
        severity: Severity, from 0, equal to typical, to 1.
    """

    name: str
    spec: ConditionSpec
    options: Options
    severity: float


def amount_at(change: Change, severity: float, age_months: float) -> float:
    """Factor or added amount of a change where its share is 1, in the unit of the file.

    It is linear between the severities that the file gives, neutral at severity 0, and scaled by
    the share of the change that is present at the age.

    Args:
        change: One change of a condition.
        severity: Severity, from 0 to 1.
        age_months: Age [months], corrected if the infant was born early.
    """
    # neutral + share(age) x (amount(severity) - neutral), neutral = 1 for a factor, 0 for an added
    amount, neutral = change.amount, change.neutral
    full = np.interp(severity, (0.0, *amount.severity), (neutral, *amount.values))
    present = curve_at(change.by_age, age_months) if change.by_age else 1.0
    return float(neutral + present * (full - neutral))


def with_condition(
    muscles: Muscles,
    nervous: SensorimotorParams,
    condition: AppliedCondition,
    age_months: float,
) -> tuple[Muscles, SensorimotorParams]:
    """Muscles with their passive tissue, and sensorimotor parameters, under a condition.

    Args:
        muscles: Muscles and passive tissue of the typical infant.
        nervous: Sensorimotor parameters of the typical infant.
        condition: Condition with its options and severity.
        age_months: Age [months], corrected if the infant was born early.

    Raises:
        InputError: If a change names an unknown muscle, or a result is one that no body can have.
    """
    subsystems: Subsystems = {
        "muscles": muscles,
        "tissue": muscles.tissue,
        "nervous": nervous,
        "noise": nervous.noise,
    }
    extent = Extent(condition.spec.extent, condition.options, muscles)
    for name, change in condition.spec.changes.items():
        try:
            _apply(change, amount_at(change, condition.severity, age_months), extent, subsystems)
        except InputError as error:
            raise InputError(f"{condition.name}: changes.{name}: {error}") from None
    tissue = _rest_within_range(cast("Tissue", subsystems["tissue"]), condition.name)
    return (
        replace(cast("Muscles", subsystems["muscles"]), tissue=tissue),
        replace(
            cast("SensorimotorParams", subsystems["nervous"]),
            noise=cast("SensoryNoise", subsystems["noise"]),
        ),
    )


def _apply(change: Change, amount: float, extent: Extent, subsystems: Subsystems) -> None:
    """Replace, in ``subsystems``, the dataclasses whose fields a change alters."""
    for target in TARGET_FIELDS[change.parameter]:
        share = extent.shares(change, target.per)
        subsystem = subsystems[target.subsystem]
        before = np.atleast_1d(np.array(getattr(subsystem, target.field), dtype=np.float64))
        after = _changed(before, change, amount, share, is_inverse=target.is_inverse)
        _require_possible(target, after)
        new = float(after[0]) if target.per == "body" else tuple(after.tolist())
        subsystems[target.subsystem] = replace(subsystem, **{target.field: new})


def _changed(
    values: Vector, change: Change, amount: float, share: Vector, *, is_inverse: bool
) -> Vector:
    if change.factor is not None:
        factors = 1.0 + share * (amount - 1.0)
        return np.asarray(values / factors if is_inverse else values * factors)
    added = share * (np.radians(amount) if change.amount.unit == "deg" else amount)
    return np.asarray(values - added if is_inverse else values + added)


def _require_possible(target: TargetField, values: Vector) -> None:
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(values).all() and target.lowest <= low and high <= target.highest):
        raise InputError(
            f"{target.field}: {low:.3g} to {high:.3g} is outside "
            f"{target.lowest:g} to {target.highest:g}"
        )


def _rest_within_range(tissue: Tissue, name: str) -> Tissue:
    """The tissue with its resting angles within its range of motion.

    Raises:
        InputError: If a range of motion is empty.
    """
    low, high = np.array(tissue.lowest_rad), np.array(tissue.highest_rad)
    if not (low < high).all():
        raise InputError(f"{name}: changes: a contracture leaves a joint without a range of motion")
    return replace(tissue, rest_rad=tuple(np.clip(tissue.rest_rad, low, high).tolist()))
