"""Condition: changes to an infant, their size, extent and age (`models/conditions/`)."""

import re
from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from dmi_sim.anatomy import HINGES, JointKind
from dmi_sim.errors import did_you_mean
from dmi_sim.spec.base import Fraction, Quantity, Spec, Strict
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
"""Parameter that a condition can change; its fields are in dmi_sim/condition/parameters.py."""

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
"""Parameters to which a condition may add, and the unit of what it adds."""

ONLY_ADDED = ("range", "lowest_angle", "highest_angle", "phasic_gain", "reciprocal_inhibition")
"""Parameters that take no factor, because they are 0 or change sign in a typical infant."""

AXIS_PARAMETERS = (
    "stiffness",
    "damping",
    "range",
    "lowest_angle",
    "highest_angle",
    "sensory_delay",
    "sensation",
)
"""Parameters of joint axes; the others are of muscles, except ``sensory_noise`` of the whole
body."""

RegionOrLimb = Literal["neck", "trunk", "arm", "leg", "shoulder", "elbow", "hip", "knee", "ankle"]
"""Region of the body, or a limb that stands for all its regions."""
LIMBS: dict[str, tuple[RegionOrLimb, ...]] = {
    "arm": ("shoulder", "elbow"),
    "leg": ("hip", "knee", "ankle"),
}
"""Regions of each limb; a region that is named itself wins over its limb."""

AXIS_WORDS = tuple(
    f"{joint}.{axis}"
    for joint in JointKind.__args__
    for axis in (("flexion",) if joint in HINGES else ("abduction", "flexion", "rotation"))
)
"""Names of the axes without their side, such as ``ankle.flexion``."""


class Amount(Quantity[float | tuple[float, ...]]):
    """The size of a change over severity, linear between the severities that are given.

    A single number is the change at severity 1. At severity 0 nothing is changed.
    """

    severity: tuple[float, ...] = (1.0,)
    """Severities of the values, rising to 1."""

    @property
    def values(self) -> tuple[float, ...]:
        """The value at each severity, as a tuple also where the file has a single number."""
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
    """A change of one parameter, by a factor or by an added amount."""

    parameter: Parameter
    """Parameter that is changed."""
    factor: Amount | None = None
    """Factor of the parameter; 1 at severity 0."""
    add: Amount | None = None
    """Amount that is added to the parameter; 0 at severity 0."""
    regions: tuple[RegionOrLimb, ...] = ()
    """Regions or limbs that change; the whole body if no regions, muscles or axes are given."""
    muscles: tuple[str, ...] = ()
    """Muscle groups of `models/muscles/` that change, for a parameter of muscles."""
    axes: tuple[str, ...] = ()
    """Axes that change, such as ``ankle.flexion``, for a parameter of joints."""
    by_age: AgeCurve | None = None
    """Share of the change that is present at an age, 0 to 1; all of it if not given."""

    @property
    def amount(self) -> Amount:
        """The factor, or the added amount."""
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
        yield "give only one of `regions`, `muscles`, `axes`"
    if change.muscles and change.parameter in (*AXIS_PARAMETERS, "sensory_noise"):
        yield f"`{change.parameter}` is no parameter of muscles; give `regions`"
    if change.axes and change.parameter not in AXIS_PARAMETERS:
        yield f"`{change.parameter}` is no parameter of joints; give `regions`"
    if change.regions and change.parameter == "sensory_noise":
        yield "`sensory_noise` has no regions; it is of the whole body"
    for axis in change.axes:
        if axis not in AXIS_WORDS:
            yield f"axes: no '{axis}'; {did_you_mean(axis, AXIS_WORDS)}"


_WEEKS_AND_DAYS = re.compile(r"(\d{1,2})\+([0-6])")


def weeks_of(value: object) -> object:
    """Weeks as a number where they are written as weeks and days; any other value as it is.

    >>> weeks_of("30+3"), weeks_of(30.5), weeks_of("left")
    (30.428571428571427, 30.5, 'left')
    """
    written = _WEEKS_AND_DAYS.fullmatch(value.strip()) if isinstance(value, str) else None
    return int(written[1]) + int(written[2]) / 7 if written else value


class OptionSpec(Strict):
    """An option that a condition offers: one of several words, or a number within limits."""

    description: str
    """Meaning of the option."""
    choices: tuple[str, ...] = ()
    """Words to choose from; none for a number."""
    lowest: float | None = None
    """Least value of a number."""
    highest: float | None = None
    """Largest value of a number."""
    unit: Literal["1", "week"] = "1"
    """Unit of a number; weeks may also be written as weeks and days, such as ``30+3``."""
    default: float | str
    """Value that holds if the user gives none."""

    @field_validator("lowest", "highest", "default", mode="before")
    @classmethod
    def _weeks_and_days(cls, value: object) -> object:
        return weeks_of(value)

    @property
    def allowed(self) -> str:
        """The choices, or the limits of the number, as a reader writes them."""
        if self.choices:
            return ", ".join(self.choices)
        return f"{self.written(self.lowest)} to {self.written(self.highest)}"

    def written(self, value: float | str | None) -> str:
        """A value as a reader writes it: weeks that are not whole as weeks and days."""
        if not isinstance(value, float):
            return str(value)
        if self.unit == "week" and not value.is_integer():
            return "{}+{}".format(*divmod(round(7 * value), 7))
        return f"{value:g}"

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
    """Extent of all changes of a condition over the body, as the user's options decide it."""

    below: str | None = None
    """Option that names the lowest intact spinal root; muscles and axes are affected by the share
    of their roots that lies caudal to it."""
    side: str | None = None
    """Option that names the affected side."""
    by: str | None = None
    """Option on which the shares depend, such as the topography of cerebral palsy."""
    one_sided: tuple[str, ...] = ()
    """Choices of `by` that affect one side only; all of them if empty."""
    shares: dict[str, Quantity[dict[RegionOrLimb | Literal["body"], Fraction], Literal["1"]]] = (
        Field(default_factory=dict)
    )
    """For each choice of `by`, the share of a change in each region or limb, and in the ``body``
    for parameters of the whole body; 0 where none is given."""


class PretermSpec(Strict):
    """Growth of an infant born before term, along a chart of postmenstrual age."""

    weeks: str
    """Option that gives the weeks of gestation at birth at severity 1; at severity 0 birth is at
    term."""
    chart: str
    """Option that names the growth chart."""
    charts: dict[str, str]
    """Path of the table of each growth chart."""
    term: Quantity[float, Literal["week"]]
    """Gestation of a birth at term [weeks]."""
    preterm_before: Quantity[float, Literal["week"]]
    """Week of gestation before which an infant follows the chart alone; from there to term the
    standard is blended in [weeks]."""
    fade: Quantity[float, Literal["week"]]
    """Length of the last stretch of the chart, over which it gives way to the standard [weeks]."""


class GrowthChange(Strict):
    """Growth of an infant under a condition."""

    table: str | None = None
    """Path of the growth table that holds at severity 1; it is blended with the standard in
    proportion to severity."""
    z_shift: str | None = None
    """Option that gives the shift of the standard scores of length and weight at severity 1."""
    preterm: PretermSpec | None = None
    """Growth of an infant born before term."""
    note: str
    """Method and assumptions."""


class ConditionSpec(Spec):
    """A condition: a transformation of a typical infant, graded by severity."""

    folder: ClassVar[str] = "models/conditions"

    title: str
    """Title in the words of the clinic."""
    begins_with_a_name: bool = False
    """Whether the title begins with a name, which keeps its capital in a sentence."""
    description: str
    """Description of what changes, in two or three sentences."""
    options: dict[str, OptionSpec] = Field(default_factory=dict)
    """Options that the user may set, by name."""
    growth: GrowthChange | None = None
    """Growth under the condition; that of the standard if not given."""
    extent: ExtentSpec = ExtentSpec()
    """Extent of all changes over the body."""
    changes: dict[str, Change] = Field(default_factory=dict)
    """Changes of parameters, by a name of one's own."""
    not_modelled: tuple[str, ...] = ()
    """Features of the condition that a clinician would expect and that are left out."""

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
    preterm = growth.preterm if growth else None
    names = {
        "extent.below": extent.below,
        "extent.side": extent.side,
        "extent.by": extent.by,
        "growth.z_shift": growth.z_shift if growth else None,
        "growth.preterm.weeks": preterm.weeks if preterm else None,
        "growth.preterm.chart": preterm.chart if preterm else None,
    }
    yield from ((field, name) for field, name in names.items() if name)
