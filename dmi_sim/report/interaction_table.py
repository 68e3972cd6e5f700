"""The table of interactions: whether the differences between arms depend on the infants."""

from collections.abc import Iterator

from dmi_sim.report.context import ReportContext
from dmi_sim.report.interactions import Interaction
from dmi_sim.report.labels import lower_first
from dmi_sim.report.markup import Html, element, paragraph, table
from dmi_sim.report.verdicts import interaction_verdict
from dmi_sim.tables import effect_text, p_text


def interaction_table(context: ReportContext) -> Iterator[Html]:
    """A table with a verdict for each interaction that the study asked for; nothing if for none."""
    found = context.findings.interactions
    if not context.findings.primary.interactions:
        return
    factors = ", ".join(context.findings.primary.interactions)
    yield element("h3", f"Do the differences depend on the infants ({factors})?")
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
    yield table(head, (_row(context, one) for one in found), "Interactions")


def _row(context: ReportContext, one: Interaction) -> list[str]:
    arms = f"{context.titles[one.first]} minus {lower_first(context.titles[one.second])}"
    kinds = f"{context.group_titles[one.group]} less {context.group_titles[one.reference]}"
    return [
        f"{one.factor}: {arms}",
        kinds,
        effect_text(one.difference, context.measure.unit),
        p_text(one.p_value),
        p_text(one.p_holm),
        interaction_verdict(one, context.measure),
    ]
