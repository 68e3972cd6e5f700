"""Which element of a programme an effect comes from, where the arms are those of a factorial."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dmi_sim.report.context import figure
from dmi_sim.report.figures import forest
from dmi_sim.report.markup import Html, paragraph, section, table
from dmi_sim.report.programme_effects_section import told, told_margin, told_measure
from dmi_sim.report.programme_elements import ELEMENT_TITLES, ElementEffect
from dmi_sim.report.programme_numbers import ProgrammeNumbers
from dmi_sim.report.verdicts import decision
from dmi_sim.tables import effect_text, p_text


def elements_section(numbers: ProgrammeNumbers) -> Iterator[Html]:
    """Main effects of all elements; nothing where the arms are not those of a factorial.

    Args:
        numbers: All numbers of the report.
    """
    if not numbers.elements:
        return
    measure = told_measure(numbers)
    comparisons = [told(numbers, one.comparison) for one in numbers.elements]
    titles = sides_told(numbers.elements)
    picture = replace(forest(comparisons, titles, measure, told_margin(numbers)), name="elements")
    yield section(
        "elements",
        "Which element it comes from",
        paragraph(
            "Sixteen programmes lie between two: each element is as in the one or as in the other, "
            "in a balanced way. An effect of an element is the mean over the eight programmes that "
            "have it from the first less that over the other eight, child by child. It says what "
            "the element does on average over all the others; elements may still work together."
        ),
        table(
            ["Element", "First", "Second", "Difference [95 %]", "p, Holm", "In words"],
            (_row(numbers, one) for one in numbers.elements),
            f"Main effects on {measure.title}, corrected for five",
            "tight",
        ),
        figure(
            picture.inline,
            "Main effects with their 95 % intervals, in the unit of the table. Small strokes are "
            "single children. The grey band would not matter.",
        ),
    )


def sides_told(elements: Iterable[ElementEffect]) -> dict[str, str]:
    """The two sides of each element in words, by the names that comparisons give them.

    Args:
        elements: Main effects of elements.
    """
    return {
        side: words
        for one in elements
        for side, words in (
            (one.comparison.first, f"{ELEMENT_TITLES[one.element].capitalize()}: {one.high}"),
            (one.comparison.second, one.low),
        )
    }


_WORDS = {
    "unknown": "no verdict: an interval needs two children",
    "description": "too few children to decide",
    "difference": "difference shown",
    "equivalence": "no difference shown, equivalent within the margin",
    "undecided": "no difference shown",
}


def _row(numbers: ProgrammeNumbers, one: ElementEffect) -> list[str]:
    shown = told(numbers, one.comparison)
    return [
        ELEMENT_TITLES[one.element].capitalize(),
        one.high,
        one.low,
        effect_text(shown.difference, told_measure(numbers).unit),
        p_text(shown.p_holm),
        _WORDS[decision(shown, told_margin(numbers))],
    ]
