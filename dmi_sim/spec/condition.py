"""What a condition changes in an infant, by how much, where and from which age."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.anatomy import HINGES, JointKind
from dmi_sim.errors import did_you_mean
from dmi_sim.spec.base import Quantity, Spec, Strict
from dmi_sim.spec.body import AgeCurve

Parameter = Literal[
    "strength",
    "passive_force",
    "fibre_length",
    "activation_time",
    "deactivation_time",
    "stiffness",
    "damping",
    "range",
    "lowest_angle",
    "highest_angle",
    "reflex_gain",
    "reflex_velocity",
    "reflex_threshold",
    "reflex_delay",
    "phasic_gain",
    "phasic_threshold",
    "reciprocal_inhibition",
    "selectivity",
    "motor_noise",
    "sensory_noise",
    "sensory_delay",
    "sensation",
]
"""What a condition can change; what each does to an infant: dmi_sim/condition/parameters.py."""

ADDED_UNIT: dict[Parameter, str] = {
    "range": "deg",
    "lowest_angle": "deg",
    "highest_angle": "deg",
    "reflex_threshold": "1",
    "reflex_delay": "s",
    "phasic_gain": "s",
    "phasic_threshold": "1/s",
    "reciprocal_inhibition": "1",
    "sensory_delay": "s",
}
"""InfantConfig to which a condition may add, and the unit in which it does."""

ONLY_ADDED = ("range", "lowest_angle", "highest_angle", "phasic_gain", "reciprocal_inhibition")
"""InfantConfig that a factor cannot change: they may be 0 or change sign in a typical infant."""

AXIS_PARAMETERS = (
    "stiffness",
    "damping",
    "range",
    "lowest_angle",
    "highest_angle",
    "sensory_delay",
    "sensation",
)
"""InfantConfig of joint axes; the others are of muscles, but for ``sensory_noise`` of the whole body."""

Region = Literal["neck", "trunk", "arm", "leg", "shoulder", "elbow", "hip", "knee", "ankle"]
LIMBS: dict[str, tuple[Region, ...]] = {
    "arm": ("shoulder", "elbow"),
    "leg": ("hip", "knee", "ankle"),
}
"""The parts that a limb stands for; a part wins over its limb."""

AXIS_WORDS = tuple(
    f"{joint}.{axis}"
    for joint in JointKind.__args__
    for axis in (("flexion",) if joint in HINGES else ("abduction", "flexion", "rotation"))
)
"""Axes of either side, such as ``ankle.flexion``."""

Share = Annotated[float, Field(ge=0, le=1)]


class Amount(Quantity[float | tuple[float, ...]]):
    """The size of a change over severity, straight between the severities that are given.

    One number is the change at severity 1. At severity 0 nothing is changed.
    """

    severity: tuple[float, ...] = (1.0,)
    """Severities of the values, rising to 1."""

    @property
    def values(self) -> tuple[float, ...]:
        """One value a severity."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    @model_validator(mode="after")
    def _one_value_per_severity(self) -> Self:
        steps = self.severity
        if len(steps) != len(self.values):
            raise ValueError(f"{len(steps)} severities but {len(self.values)} values")
        if list(steps) != sorted(set(steps)) or steps[0] <= 0 or steps[-1] != 1:
            raise ValueError("`severity` must rise from above 0 to 1")
        return self


class Change(Strict):
    """One parameter, changed by a factor or by something added."""

    parameter: Parameter
    factor: Amount | None = None
    """Multiplies the parameter; 1 at severity 0."""
    add: Amount | None = None
    """Is added to the parameter; 0 at severity 0."""
    regions: tuple[Region, ...] = ()
    """Where; the whole body if neither parts, muscles nor axes are given."""
    muscles: tuple[str, ...] = ()
    """Groups of `models/muscles/` that change, for a parameter of muscles."""
    axes: tuple[str, ...] = ()
    """Axes that change, such as ``ankle.flexion``, for a parameter of joints."""
    by_age: AgeCurve | None = None
    """Share of the change that is there at an age; all of it if not given."""

    @property
    def amount(self) -> Amount:
        """The factor, or what is added."""
        amount = self.factor or self.add
        if amount is None:
            raise ValueError("a change needs `factor` or `add`")
        return amount

    @property
    def neutral(self) -> float:
        """The amount that changes nothing."""
        return 1.0 if self.factor else 0.0

    @model_validator(mode="after")
    def _is_meaningful(self) -> Self:
        if (self.factor is None) == (self.add is None):
            raise ValueError("give either `factor` or `add`")
        for problem in (*_wrong_way(self), *_wrong_unit(self), *_wrong_place(self)):
            raise ValueError(problem)
        return self


def _wrong_way(change: Change) -> Iterator[str]:
    values = (change.neutral, *change.amount.values)
    if change.factor and min(values) < 0:
        yield "a factor cannot be negative"
    if list(values) not in (sorted(values), sorted(values, reverse=True)):
        yield "the change must grow with severity, not turn back"
    shares = change.by_age.value if change.by_age else ()
    if any(not 0 <= share <= 1 for share in shares):
        yield "`by_age` is a share, from 0 to 1"


def _wrong_unit(change: Change) -> Iterator[str]:
    if change.factor and change.parameter in ONLY_ADDED:
        yield f"`{change.parameter}` takes `add`, not `factor`"
    if change.add and change.parameter not in ADDED_UNIT:
        yield f"`{change.parameter}` takes `factor`, not `add`"
    unit = "1" if change.factor else ADDED_UNIT.get(change.parameter, "")
    if unit and change.amount.unit != unit:
        yield f"the unit must be '{unit}', not '{change.amount.unit}'"


def _wrong_place(change: Change) -> Iterator[str]:
    if sum(map(bool, (change.regions, change.muscles, change.axes))) > 1:
        yield "give only one of `parts`, `muscles`, `axes`"
    if change.muscles and change.parameter in (*AXIS_PARAMETERS, "sensory_noise"):
        yield f"`{change.parameter}` is no parameter of muscles; give `parts`"
    if change.axes and change.parameter not in AXIS_PARAMETERS:
        yield f"`{change.parameter}` is no parameter of joints; give `parts`"
    if change.regions and change.parameter == "sensory_noise":
        yield "`sensory_noise` has no parts; it is of the whole body"
    for axis in change.axes:
        if axis not in AXIS_WORDS:
            yield f"axes: no '{axis}'; {did_you_mean(axis, AXIS_WORDS)}"


class OptionSpec(Strict):
    """A choice that a condition offers: one of some words, or a number within limits."""

    description: str
    choices: tuple[str, ...] = ()
    """The words; none for a number."""
    lowest: float | None = None
    highest: float | None = None
    default: float | str

    @model_validator(mode="after")
    def _default_is_allowed(self) -> Self:
        if self.choices:
            if self.default not in self.choices:
                raise ValueError(f"`default` {self.default!r} is none of the choices")
        elif self.lowest is None or self.highest is None:
            raise ValueError("give `choices`, or `lowest` and `highest`")
        elif isinstance(self.default, str) or not self.lowest <= self.default <= self.highest:
            raise ValueError(f"`default` is not within {self.lowest:g} to {self.highest:g}")
        return self


class ExtentSpec(Strict):
    """How much of every change arrives where; options decide."""

    below: str | None = None
    """Option that names the lowest intact root: what lies caudal to it is reached."""
    side: str | None = None
    """Option that names the affected side."""
    by: str | None = None
    """Option on which the shares depend."""
    one_sided: tuple[str, ...] = ()
    """EnvConfig of `by` in which only the affected side is reached; in all if empty."""
    shares: dict[str, Quantity[dict[Region | Literal["body"], Share], Literal["1"]]] = Field(
        default_factory=dict
    )
    """By choice of `by`, share by part or limb, and ``body`` for what has no place; else 0."""


class PretermSpec(Strict):
    """Growth of an infant born before term, on a chart of postmenstrual age."""

    weeks: str
    """Option that gives weeks of gestation at birth at severity 1; at 0 birth is at term."""
    chart: str
    """Option that names the chart."""
    charts: dict[str, str]
    """Path of the table of each chart."""
    term: Quantity[float, Literal["week"]]
    """Gestation of a birth at term."""
    preterm_before: Quantity[float, Literal["week"]]
    """Born before this week, an infant is all on the chart; at term, not at all."""
    fade: Quantity[float, Literal["week"]]
    """The last weeks of the chart, over which it gives way to the standard."""


class GrowthChange(Strict):
    """How an infant grows under a condition."""

    table: str | None = None
    """Path of the growth table at severity 1; between the standard and it in proportion."""
    z_shift: str | None = None
    """Option that gives what is added to the scores of length and weight at severity 1."""
    early: PretermSpec | None = None
    note: str
    """How it is done and what is assumed."""


class ConditionSpec(Spec):
    """A condition: a transformation of a typical infant by severity."""

    folder: ClassVar[str] = "models/conditions"

    title: str
    """In the words of a clinic."""
    description: str
    """What changes, in two or three sentences."""
    options: dict[str, OptionSpec] = Field(default_factory=dict)
    growth: GrowthChange | None = None
    extent: ExtentSpec = ExtentSpec()
    changes: dict[str, Change] = Field(default_factory=dict)
    not_modelled: tuple[str, ...] = ()
    """What a clinician would expect and will not find."""

    @model_validator(mode="after")
    def _named_options_exist(self) -> Self:
        for field, option in _option_names(self):
            if option not in self.options:
                known = did_you_mean(option, self.options)
                raise ValueError(f"{field}: no option '{option}'; {known}")
        choices = self.options[self.extent.by].choices if self.extent.by else ()
        if set(self.extent.shares) != set(choices):
            raise ValueError(f"extent.shares: needs one entry for each choice of {self.extent.by}")
        if not set(self.extent.one_sided) <= set(choices):
            raise ValueError(f"extent.one_sided: names what is no choice of {self.extent.by}")
        return self


def _option_names(spec: ConditionSpec) -> Iterator[tuple[str, str]]:
    growth, extent = spec.growth, spec.extent
    early = growth.early if growth else None
    names = {
        "extent.below": extent.below,
        "extent.side": extent.side,
        "extent.by": extent.by,
        "growth.z_shift": growth.z_shift if growth else None,
        "growth.early.weeks": early.weeks if early else None,
        "growth.early.chart": early.chart if early else None,
    }
    yield from ((field, name) for field, name in names.items() if name)
