"""The elements of a factorial of programmes: the main effect of each, child by child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dmi_sim.report.comparisons import Comparison, Group, compare, corrected
from dmi_sim.spec.programme import Element, ProgrammeSpec, RuleSpec
from dmi_sim.tables import plain_words
from dmi_sim.therapy.factorial import ELEMENTS, Level, levels_of

_SEED = 20260102
"""Seed of resamples and sign flips; fixed, so that a report is the same each time."""
ELEMENT_TITLES: Mapping[Element, str] = {
    "site": "site of the hands",
    "exercise": "order of skills",
    "firmness": "fading of firmness",
    "stretch": "stretching",
    "provocation": "provocation",
}
"""What the elements are called in a report."""


def element_words(levels: Mapping[Element, Level]) -> str:
    """Which elements of a programme are those of the first of two, in words.

    >>> element_words(dict.fromkeys(ELEMENTS, 1))[:24]
    'With site of the hands, '
    """
    chosen = [ELEMENT_TITLES[one] for one in ELEMENTS if levels[one] > 0]
    return f"With {', '.join(chosen)}" if chosen else "With none of the elements"


@dataclass(frozen=True)
class ElementEffect:
    """The main effect of one element.

    Attributes:
        element: The element.
        high: Its rule in the eight arms that are compared with the others, in words.
        low: Its rule in those others.
        comparison: Mean over eight arms less mean over the other eight, child by child.
    """

    element: Element
    high: str
    low: str
    comparison: Comparison


def element_effects(
    values: Mapping[str, Mapping[int, float]],
    programmes: Mapping[str, ProgrammeSpec],
    group: Group,
    margin: float,
) -> tuple[ElementEffect, ...]:
    """Main effects of all elements, with p values corrected for their number.

    The design is balanced: each effect is told apart from every other and from all interactions of
    two. A child counts if it finished in every arm.

    Args:
        values: Primary outcome by arm and child.
        programmes: Programme of each arm.
        group: Kind of the children.
        margin: Largest difference that would not matter.

    Returns:
        One effect for each element; none if the arms are not those of a factorial.
    """
    levels = levels_of(values)
    if not levels:
        return ()
    rng = np.random.default_rng(_SEED)
    found = [
        compare(
            group,
            (f"{element} high", f"{element} low"),
            (_means(values, levels, element, 1), _means(values, levels, element, -1)),
            margin,
            rng,
        )
        for element in ELEMENTS
    ]
    return tuple(
        ElementEffect(
            element,
            _rule(programmes, levels, element, 1),
            _rule(programmes, levels, element, -1),
            comparison,
        )
        for element, comparison in zip(ELEMENTS, corrected(found), strict=True)
    )


def _means(
    values: Mapping[str, Mapping[int, float]],
    levels: Mapping[str, Mapping[Element, Level]],
    element: Element,
    level: Level,
) -> dict[int, float]:
    """Mean of each child over the arms at one level; only children who are in all arms."""
    children = set[int].intersection(*(set(own) for own in values.values()))
    arms = [arm for arm, own in levels.items() if own[element] == level]
    return {one: float(np.mean([values[arm][one] for arm in arms])) for one in sorted(children)}


def _rule(
    programmes: Mapping[str, ProgrammeSpec],
    levels: Mapping[str, Mapping[Element, Level]],
    element: Element,
    level: Level,
) -> str:
    arm = next(arm for arm, own in levels.items() if own[element] == level)
    rule: RuleSpec = getattr(programmes[arm], element)
    return rule_words(rule)


def rule_words(rule: RuleSpec) -> str:
    """A rule with its parameters, in words.

    >>> rule_words(RuleSpec(rule="constant", params={"firmness": 1.0}))
    'constant (firmness 1)'
    """
    params = ", ".join(f"{plain_words(k)} {_value(v)}" for k, v in rule.params.items())
    words = rule.rule.replace("_", " ")
    return f"{words} ({params})" if params else words


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{plain_words(str(k))} {_value(v)}" for k, v in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_value, value))
    return plain_words(str(value))
