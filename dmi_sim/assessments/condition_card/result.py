"""The card of a condition: its parts and what each holds."""

from dataclasses import dataclass

from dmi_sim.infant import InfantConfig

NOTICE = "Simulation for education and hypothesis generation, not clinical evidence."


@dataclass(frozen=True)
class ChangeRow:
    """One change at the severity and age of the card.

    Attributes:
        name: Name of the change in the file of the condition.
        parameter: Parameter that is changed.
        change: Amount, such as ``x 0.70`` or ``+20 deg``, where it arrives in full.
        where: Regions, muscles or axes that it reaches.
        arrives: Largest share of it that arrives in each region of the body, where not all of it
            arrives in all; ``body`` for what has no place.
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
    """A quantity in the typical infant of the same age, sex and scores, and under the condition.

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
    """All that one should know of a condition before using it.

    Attributes:
        title: Title in the words of a clinic.
        description: Words on what changes.
        config: Age, sex, severity and options for which the numbers hold.
        options: Allowed values and meaning of each option.
        growth: Words on how size changes; empty if it does not.
        changes: Changes to muscles, tissue and nerves.
        comparisons: Quantities that tell the infant from a typical one.
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
