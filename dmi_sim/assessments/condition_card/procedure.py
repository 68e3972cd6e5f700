"""The card of a condition: what it changes, by how much, from which source, and what it leaves."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXIS_INDEX, LEFT, RIGHT
from dmi_sim.catalog import Catalog
from dmi_sim.condition.extent import AXIS_REGIONS, AXIS_SIDES, Extent
from dmi_sim.condition.parameters import TARGET_FIELDS, ValuesPer
from dmi_sim.condition.transform import amount_at
from dmi_sim.infant import Infant, InfantConfig
from dmi_sim.spec.condition import LIMBS, Change, ConditionSpec, GrowthChange

BODY_WORD = "body"
_DEGREES = 180 / np.pi


@dataclass(frozen=True)
class ChangeLine:
    """One change at the severity and age of the card.

    Attributes:
        name: In the file of the condition.
        parameter: What is changed.
        change: Such as ``x 0.70`` or ``+20 deg``, where it arrives in full.
        where: Parts, muscles or axes.
        arrives: Largest share of it that arrives in each part of the body, where not all of it
            arrives in all; ``body`` for what has no place.
        basis: ``measured``, ``scaled`` or ``assumed``.
        source: Key of a reference; empty without one.
        note: Why.
    """

    name: str
    parameter: str
    change: str
    where: str
    arrives: dict[str, float]
    basis: str
    source: str
    note: str


@dataclass(frozen=True)
class Telling:
    """A number that tells typical and changed infants apart.

    Attributes:
        name: In words.
        unit: Of both values.
        typical: Of the typical infant of the same age, sex and scores.
        now: Under the condition.
    """

    name: str
    unit: str
    typical: float
    now: float


@dataclass(frozen=True)
class Card:
    """All that one should know of a condition before using it.

    Attributes:
        title: In the words of a clinic.
        description: What changes.
        config: Age, sex, severity and options for which the numbers hold.
        options: What can be chosen: allowed values and meaning, by option.
        growth: How size changes; empty if it does not.
        changes: To muscles, tissue and nerves.
        telling: Typical and now.
        not_modelled: What is left out.
    """

    title: str
    description: str
    config: InfantConfig
    options: dict[str, str]
    growth: str
    changes: tuple[ChangeLine, ...]
    telling: tuple[Telling, ...]
    not_modelled: tuple[str, ...]


def card(
    condition: str,
    age_months: float = 7.0,
    severity: float = 0.5,
    condition_options: Mapping[str, object] | None = None,
    catalog: Catalog | None = None,
) -> Card:
    """The card of a condition for a girl of an age at a severity.

    Args:
        condition: Name of a file in ``models/conditions/``.
        age_months: Since birth.
        severity: 0 to 1.
        condition_options: EnvConfig that the condition offers.
        catalog: Where files are read; the shipped ones by default.

    Raises:
        InputError: If a name or value is not allowed.
    """
    catalog = catalog or Catalog.shipped()
    infant = Infant.from_spec(
        age_months, "female", condition, severity, condition_options, catalog=catalog
    )
    typical = Infant.from_spec(age_months, "female", catalog=catalog)
    spec = catalog.load(ConditionSpec, condition)
    return Card(
        title=spec.title,
        description=spec.description,
        config=infant.config,
        options=dict(_offers(spec)),
        growth=_growth(spec.growth),
        changes=tuple(_changes(spec, infant)),
        telling=tuple(_telling(typical, infant)),
        not_modelled=spec.not_modelled,
    )


def _offers(spec: ConditionSpec) -> Iterator[tuple[str, str]]:
    for name, option in spec.options.items():
        allowed = ", ".join(option.choices) or f"{option.lowest:g} to {option.highest:g}"
        yield name, f"{allowed} (if not given {option.default}): {option.description}"


def _growth(growth: GrowthChange | None) -> str:
    return growth.note if growth else ""


def _changes(spec: ConditionSpec, infant: Infant) -> Iterator[ChangeLine]:
    area = Extent(spec.extent, dict(infant.config.condition_options), infant.muscles)
    for name, change in spec.changes.items():
        yield ChangeLine(
            name=name,
            parameter=change.parameter.replace("_", " "),
            change=_amount(change, infant.config.severity, infant.developmental_months),
            where=", ".join(change.regions or change.muscles or change.axes) or "everywhere",
            arrives=_arrives(area, change),
            basis=change.amount.basis,
            source=change.amount.source or "",
            note=change.amount.note or "",
        )


def _arrives(area: Extent, change: Change) -> dict[str, float]:
    per = TARGET_FIELDS[change.parameter][0].per
    shares = area.shares(change, per).tolist()
    places = [BODY_WORD] if per == "body" else _places(area, per)
    found = dict.fromkeys(places, 0.0)
    for place, share in zip(places, shares, strict=True):
        found[place] = max(found[place], share)
    return _sides_joined(found) if set(found.values()) != {1.0} else {}


def _sides_joined(found: Mapping[str, float]) -> dict[str, float]:
    """Shares above 0; both sides of a place as one where they are alike."""
    joined: dict[str, float] = {}
    for place, share in found.items():
        side, _, plain = place.rpartition(" ")
        alike = bool(side) and found[f"left {plain}"] == found[f"right {plain}"]
        joined[plain if alike else place] = share
    return {place: share for place, share in joined.items() if share > 0}


def _places(area: Extent, per: ValuesPer) -> list[str]:
    """Where each muscle or axis is: neck, trunk, arm or leg, with its side if it has one."""
    limb_of = {str(part): limb for limb, parts in LIMBS.items() for part in parts}
    of_muscles = zip(area.muscles.regions, area.muscles.sides, strict=True)
    where = of_muscles if per == "muscle" else zip(AXIS_REGIONS, AXIS_SIDES, strict=True)
    words = {LEFT: "left ", RIGHT: "right ", 0: ""}
    return [f"{words[side]}{limb_of.get(part, part)}" for part, side in where]


def _amount(change: Change, severity: float, age_months: float) -> str:
    amount = amount_at(change, severity, age_months)
    if change.factor:
        return f"x {amount:.2f}"
    return f"{amount:+.3g} {change.amount.unit}".removesuffix(" 1")


_TORQUES = (
    ("neck", "extension"),
    ("waist", "extension"),
    ("left_elbow", "flexion"),
    ("right_elbow", "flexion"),
    ("left_knee", "extension"),
    ("right_knee", "extension"),
    ("left_ankle", "plantarflexion"),
    ("right_ankle", "plantarflexion"),
)


def _telling(typical: Infant, now: Infant) -> Iterator[Telling]:
    for name, (unit, read) in _READINGS.items():
        yield Telling(name, unit, read(typical), read(now))
    for joint, direction in _TORQUES:
        name = f"strength: {joint.replace('_', ' ')} {direction}"
        peaks = (infant.peak_torque_nm(joint, direction) for infant in (typical, now))
        yield Telling(name, "N m", *peaks)


def _of_muscle(field: str, name: str) -> Callable[[Infant], float]:
    return lambda infant: getattr(infant.nervous, field)[infant.muscles.index(name)]


def _of_joint(field: str, axis: str, scale: float = 1.0) -> Callable[[Infant], float]:
    return lambda infant: scale * getattr(infant.muscles.tissue, field)[AXIS_INDEX[axis]]


def _joint_sense(axis: str) -> Callable[[Infant], float]:
    return lambda infant: infant.nervous.sensation[AXIS_INDEX[axis]]


_READINGS: dict[str, tuple[str, Callable[[Infant], float]]] = {
    "age by which the body develops": ("months", lambda i: i.developmental_months),
    "mass": ("kg", lambda i: i.mass_kg),
    "length": ("cm", lambda i: 100 * i.length_m),
    "stiffness of the left knee": (
        "N m/rad",
        _of_joint("stiffness_nm_per_rad", "left_knee.flexion"),
    ),
    "left knee extends to": ("deg", _of_joint("lowest_rad", "left_knee.flexion", _DEGREES)),
    "left ankle dorsiflexes to": ("deg", _of_joint("highest_rad", "left_ankle.flexion", _DEGREES)),
    "joint sense of the left knee": ("1", _joint_sense("left_knee.flexion")),
    "joint sense of the left ankle": ("1", _joint_sense("left_ankle.flexion")),
    "reflex gain of the back (longissimus)": ("1", _of_muscle("reflex_gain", "left_longissimus")),
    "spastic gain of the left soleus": ("s", _of_muscle("phasic_gain_s", "left_soleus")),
    "selectivity of the left knee": ("1", _of_muscle("selectivity", "left_vasti")),
    "motor noise of the left knee": ("1", _of_muscle("motor_noise", "left_vasti")),
    "delay of balance": ("ms", lambda i: 1000 * i.nervous.central_delay_s),
    "noise of sensed tilt": ("deg", lambda i: _DEGREES * i.nervous.noise.tilt_rad),
}
