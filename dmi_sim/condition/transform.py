"""Apply a condition at a severity and age to muscles, passive tissue and nervous layer."""

from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.anthropometry import curve_at
from dmi_sim.condition.extent import AffectedMuscles
from dmi_sim.condition.options import Options
from dmi_sim.condition.parameters import TARGET_FIELDS, Layer, TargetField
from dmi_sim.errors import InputError
from dmi_sim.muscle.groups import Muscles
from dmi_sim.muscle.tissue import Tissue
from dmi_sim.nervous.sensorimotor import SensorimotorParams, SensoryNoise
from dmi_sim.spec.condition import Change, ConditionSpec

Layers = dict[Layer, Muscles | Tissue | SensorimotorParams | SensoryNoise]


@dataclass(frozen=True)
class Case:
    """A condition in one infant.

    Attributes:
        name: Of the condition.
        spec: What it changes.
        options: What was chosen.
        severity: From 0, equal to typical, to 1.
    """

    name: str
    spec: ConditionSpec
    options: Options
    severity: float


def amount_at(change: Change, severity: float, age_months: float) -> float:
    """Factor, or what is added, where a change arrives in full; in the unit of the file.

    Args:
        change: Straight between the severities that it names, nothing at 0.
        severity: From 0 to 1.
        age_months: Of corrected age if born early.
    """
    amount, neutral = change.amount, change.neutral
    full = np.interp(severity, (0.0, *amount.severity), (neutral, *amount.values))
    there = curve_at(change.by_age, age_months) if change.by_age else 1.0
    return float(neutral + there * (full - neutral))


def with_condition(
    muscles: Muscles, nervous: SensorimotorParams, case: Case, age_months: float
) -> tuple[Muscles, SensorimotorParams]:
    """Muscles with their tissue, and nervous layer, under a condition.

    Args:
        muscles: Of the typical infant.
        nervous: Of the typical infant.
        case: Condition, options and severity.
        age_months: Of corrected age if born early.

    Raises:
        InputError: If a change names no muscle, or leads out of what a body can have.
    """
    layers: Layers = {
        "muscles": muscles,
        "tissue": muscles.tissue,
        "nervous": nervous,
        "noise": nervous.noise,
    }
    area = AffectedMuscles(case.spec.extent, case.options, muscles)
    for name, change in case.spec.changes.items():
        try:
            _apply(change, amount_at(change, case.severity, age_months), area, layers)
        except InputError as error:
            raise InputError(f"{case.name}: changes.{name}: {error}") from None
    tissue = _rested(cast("Tissue", layers["tissue"]), case.name)
    return (
        replace(cast("Muscles", layers["muscles"]), tissue=tissue),
        replace(
            cast("SensorimotorParams", layers["nervous"]),
            noise=cast("SensoryNoise", layers["noise"]),
        ),
    )


def _apply(change: Change, amount: float, area: AffectedMuscles, layers: Layers) -> None:
    for slot in TARGET_FIELDS[change.parameter]:
        share = area.shares(change, slot.over)
        layer = layers[slot.layer]
        before = np.atleast_1d(np.array(getattr(layer, slot.field), dtype=np.float64))
        after = _changed(before, change, amount, share, is_inverse=slot.is_inverse)
        _require_possible(slot, after)
        new = float(after[0]) if slot.over == "body" else tuple(after.tolist())
        layers[slot.layer] = replace(layer, **{slot.field: new})


def _changed(
    values: Vector, change: Change, amount: float, share: Vector, *, is_inverse: bool
) -> Vector:
    if change.factor is not None:
        factors = 1.0 + share * (amount - 1.0)
        return np.asarray(values / factors if is_inverse else values * factors)
    added = share * (np.radians(amount) if change.amount.unit == "deg" else amount)
    return np.asarray(values - added if is_inverse else values + added)


def _require_possible(slot: TargetField, values: Vector) -> None:
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(values).all() and slot.lowest <= low and high <= slot.highest):
        raise InputError(
            f"{slot.field}: {low:.3g} to {high:.3g} is outside {slot.lowest:g} to {slot.highest:g}"
        )


def _rested(tissue: Tissue, name: str) -> Tissue:
    """The tissue with its resting angles within its range.

    Raises:
        InputError: If a range of motion is empty.
    """
    low, high = np.array(tissue.lowest_rad), np.array(tissue.highest_rad)
    if not (low < high).all():
        raise InputError(f"{name}: changes: a contracture leaves a joint without a range of motion")
    return replace(tissue, rest_rad=tuple(np.clip(tissue.rest_rad, low, high).tolist()))
