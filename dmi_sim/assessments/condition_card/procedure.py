"""The card of a condition: its changes, their amounts and sources, and what is not modelled."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

import numpy as np

from dmi_sim.anatomy import AXIS_INDEX, LEFT, RIGHT
from dmi_sim.assessments.condition_card.result import ChangeRow, ConditionCard, QuantityComparison
from dmi_sim.catalog import Catalog
from dmi_sim.condition.extent import AXIS_REGIONS, AXIS_SIDES, Extent
from dmi_sim.condition.parameters import TARGET_FIELDS, ValuesPer
from dmi_sim.condition.size import ChosenSize
from dmi_sim.condition.transform import amount_at
from dmi_sim.infant import Infant
from dmi_sim.spec.condition import LIMBS, Change, ConditionSpec, GrowthChange

_WHOLE_BODY = "body"
_DEGREES = 180 / np.pi


def condition_card(
    condition: str,
    age_months: float = 7.0,
    severity: float = 0.5,
    condition_options: Mapping[str, object] | None = None,
    catalog: Catalog | None = None,
    *,
    size: ChosenSize | None = None,
) -> ConditionCard:
    """The card of a condition for a girl at a given age and severity.

    Args:
        condition: Name of a file in ``models/conditions/``.
        age_months: Age since birth [months].
        severity: Severity from 0 to 1.
        condition_options: Values of the condition's options; defaults for those not given.
        catalog: Catalog with the files; the shipped one by default.
        size: Size of the girl, the median if None; the typical girl has the same standard scores.

    Raises:
        InputError: If a name or value is not allowed.
    """
    catalog = catalog or Catalog.shipped()
    chosen = asdict(size or ChosenSize())
    infant = Infant.from_spec(
        age_months, "female", condition, severity, condition_options, **chosen, catalog=catalog
    )
    scores = asdict(ChosenSize(infant.config.length_z, infant.config.weight_z))
    typical = Infant.from_spec(age_months, "female", **scores, catalog=catalog)
    spec = catalog.load(ConditionSpec, infant.config.condition)
    return ConditionCard(
        title=spec.title,
        description=spec.description,
        config=infant.config,
        options=dict(_options(spec)),
        growth=_growth(spec.growth),
        changes=tuple(_changes(spec, infant)),
        comparisons=tuple(_comparisons(typical, infant)),
        not_modelled=spec.not_modelled,
    )


def _options(spec: ConditionSpec) -> Iterator[tuple[str, str]]:
    for name, option in spec.options.items():
        default = option.written(option.default)
        yield name, f"{option.allowed} (if not given {default}): {option.description}"


def _growth(growth: GrowthChange | None) -> str:
    return growth.note if growth else ""


def _changes(spec: ConditionSpec, infant: Infant) -> Iterator[ChangeRow]:
    affected = Extent(spec.extent, dict(infant.config.condition_options), infant.muscles)
    for name, change in spec.changes.items():
        yield ChangeRow(
            name=name,
            parameter=change.parameter.replace("_", " "),
            change=_amount(change, infant.config.severity, infant.developmental_months),
            where=", ".join(change.regions or change.muscles or change.axes) or "everywhere",
            arrives=_largest_shares(affected, change),
            basis=change.amount.basis,
            source=change.amount.source or "",
            note=change.amount.note or "",
        )


def _largest_shares(affected: Extent, change: Change) -> dict[str, float]:
    """The largest share of a change in each region; empty if all of it arrives everywhere."""
    per = TARGET_FIELDS[change.parameter][0].per
    shares = affected.shares(change, per).tolist()
    regions = [_WHOLE_BODY] if per == "body" else _region_names(affected, per)
    found = dict.fromkeys(regions, 0.0)
    for region, share in zip(regions, shares, strict=True):
        found[region] = max(found[region], share)
    return _merge_sides(found) if set(found.values()) != {1.0} else {}


def _merge_sides(found: Mapping[str, float]) -> dict[str, float]:
    """The shares above 0, with both sides of a region merged if they are equal."""
    joined: dict[str, float] = {}
    for region, share in found.items():
        side, _, plain = region.rpartition(" ")
        alike = bool(side) and found[f"left {plain}"] == found[f"right {plain}"]
        joined[plain if alike else region] = share
    return {region: share for region, share in joined.items() if share > 0}


def _region_names(affected: Extent, per: ValuesPer) -> list[str]:
    """The region of each muscle or axis: neck, trunk, arm or leg, with its side if it has one."""
    limb_of = {str(region): limb for limb, regions in LIMBS.items() for region in regions}
    muscles = affected.muscles
    of_muscles = zip(muscles.regions, muscles.sides, strict=True)
    where = of_muscles if per == "muscle" else zip(AXIS_REGIONS, AXIS_SIDES, strict=True)
    words = {LEFT: "left ", RIGHT: "right ", 0: ""}
    return [f"{words[side]}{limb_of.get(region, region)}" for region, side in where]


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


def _comparisons(typical: Infant, now: Infant) -> Iterator[QuantityComparison]:
    for name, (unit, read) in _READINGS.items():
        yield QuantityComparison(name, unit, read(typical), read(now))
    for joint, direction in _TORQUES:
        name = f"strength: {joint.replace('_', ' ')} {direction}"
        peaks = (infant.peak_torque_nm(joint, direction) for infant in (typical, now))
        yield QuantityComparison(name, "N m", *peaks)


def _muscle_value(field: str, name: str) -> Callable[[Infant], float]:
    return lambda infant: getattr(infant.nervous, field)[infant.muscles.index(name)]


def _joint_value(field: str, axis: str, scale: float = 1.0) -> Callable[[Infant], float]:
    return lambda infant: scale * getattr(infant.muscles.tissue, field)[AXIS_INDEX[axis]]


def _proprioception(axis: str) -> Callable[[Infant], float]:
    return lambda infant: infant.nervous.sensation[AXIS_INDEX[axis]]


_READINGS: dict[str, tuple[str, Callable[[Infant], float]]] = {
    "age by which the body develops": ("months", lambda i: i.developmental_months),
    "mass": ("kg", lambda i: i.mass_kg),
    "length": ("cm", lambda i: 100 * i.length_m),
    "stiffness of the left knee": (
        "N m/rad",
        _joint_value("stiffness_nm_per_rad", "left_knee.flexion"),
    ),
    "left knee extends to": ("deg", _joint_value("lowest_rad", "left_knee.flexion", _DEGREES)),
    "left ankle dorsiflexes to": (
        "deg",
        _joint_value("highest_rad", "left_ankle.flexion", _DEGREES),
    ),
    "joint sense of the left knee": ("1", _proprioception("left_knee.flexion")),
    "joint sense of the left ankle": ("1", _proprioception("left_ankle.flexion")),
    "reflex gain of the back (longissimus)": (
        "1",
        _muscle_value("reflex_gain", "left_longissimus"),
    ),
    "spastic gain of the left soleus": ("s", _muscle_value("phasic_gain_s", "left_soleus")),
    "selectivity of the left knee": ("1", _muscle_value("selectivity", "left_vasti")),
    "motor noise of the left knee": ("1", _muscle_value("motor_noise", "left_vasti")),
    "delay of balance": ("ms", lambda i: 1000 * i.nervous.central_delay_s),
    "noise of sensed tilt": ("deg", lambda i: _DEGREES * i.nervous.noise.tilt_rad),
}
