"""The table of interactions: whether the differences between arms depend on the infants."""

from collections.abc import Iterator, Mapping, Sequence

from dmi_sim.report.comparisons import Group
from dmi_sim.report.context import ReportContext
from dmi_sim.report.interactions import Interaction
from dmi_sim.report.labels import Measure, lower_first
from dmi_sim.report.markup import Html, element, paragraph, table
from dmi_sim.report.verdicts import interaction_verdict
from dmi_sim.spec.study import Factor
from dmi_sim.tables import effect_text, p_text


def interaction_table(context: ReportContext) -> Iterator[Html]:
    """A table with a verdict for each interaction that the study asked for; nothing if for none."""
    asked, found = context.findings.primary.interactions, context.findings.interactions
    yield from interactions_told(
        asked, found, context.measure, context.titles, context.group_titles
    )


def interactions_told(
    asked: Sequence[Factor],
    found: Sequence[Interaction],
    measure: Measure,
    titles: Mapping[str, str],
    group_titles: Mapping[Group, str],
) -> Iterator[Html]:
    """Whether the differences between arms depend on some factors; nothing if none is asked for.

    Args:
        asked: The factors.
        found: The interactions, in the unit of the measure.
        measure: The outcome in words.
        titles: Titles of the arms, by name.
        group_titles: Titles of the kinds of infants.
    """
    if not asked:
        return
    yield element("h3", f"Do the differences depend on the infants ({', '.join(asked)})?")
    if not found:
        yield paragraph("No verdict: there are no two kinds of infants to compare.", class_="note")
        return
    yield paragraph(
        "An interaction is a difference of differences: first arm minus second in one kind of "
        "infants, less the same in another. Intervals and p values are Welch's, corrected (Holm) "
        "for the number of rows.",
        class_="note",
    )
    head = ["Depends on", "Infants", "Difference of differences [95 %]", "p", "p, Holm", "Verdict"]
    rows = (_row(one, measure, titles, group_titles) for one in found)
    yield table(head, rows, "Interactions")


def _row(
    one: Interaction,
    measure: Measure,
    titles: Mapping[str, str],
    group_titles: Mapping[Group, str],
) -> list[str]:
    arms = f"{titles[one.first]} minus {lower_first(titles[one.second])}"
    kinds = f"{group_titles[one.group]} less {group_titles[one.reference]}"
    return [
        f"{one.factor}: {arms}",
        kinds,
        effect_text(one.difference, measure.unit),
        p_text(one.p_value),
        p_text(one.p_holm),
        interaction_verdict(one, measure),
    ]
