"""The content of the card of a condition."""

from dataclasses import dataclass

from dmi_sim.infant import InfantConfig

NOTICE = "Simulation for education and hypothesis generation, not clinical evidence."


@dataclass(frozen=True)
class ChangeRow:
    """One change at the severity and age of the card.

    Attributes:
        name: Name of the change in the file of the condition.
        parameter: Parameter that is changed.
        change: Full amount, such as ``x 0.70`` or ``+20 deg``.
        where: Regions, muscles or axes that are affected.
        arrives: Largest share of the amount in each region of the body; ``body`` for a parameter of
            the body as a whole; empty if all of it arrives everywhere.
        basis: ``measured``, ``scaled`` or ``assumed``.
        source: Key of a reference; empty without one.
        note: Reason for the amount.
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
class QuantityComparison:
    """A quantity in the typical infant of the same age and sex, and under the condition.

    Attributes:
        name: Name of the quantity, in words.
        unit: Unit of both values.
        typical: Value in the typical infant.
        now: Value under the condition.
    """

    name: str
    unit: str
    typical: float
    now: float


@dataclass(frozen=True)
class ConditionCard:
    """A summary of a condition, to be read before it is used.

    Attributes:
        title: Clinical name.
        description: Description of the changes.
        config: Age, sex, severity and options for which the numbers hold.
        options: Allowed values and meaning of each option.
        growth: Description of the change in body size; empty if there is none.
        changes: Changes to muscles, tissue and nerves.
        comparisons: Quantities beside those of a typical infant.
        not_modelled: Known features that are left out.
    """

    title: str
    description: str
    config: InfantConfig
    options: dict[str, str]
    growth: str
    changes: tuple[ChangeRow, ...]
    comparisons: tuple[QuantityComparison, ...]
    not_modelled: tuple[str, ...]
