"""Tests beside those of the primary outcome: in hands, and in exercises that nobody practised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.report.bounded import cut_words, mean_text
from dmi_sim.report.comparisons import Group
from dmi_sim.report.context import ReportContext, arm_label
from dmi_sim.report.exercise_words import SUCCESS_IN_HANDS, title_and_verb
from dmi_sim.report.findings import group_of, primary_tests
from dmi_sim.report.labels import lower_first
from dmi_sim.report.markup import Html, join, paragraph, section, table
from dmi_sim.report.support_words import support_title
from dmi_sim.report.tables import RunTables
from dmi_sim.statistics.intervals import Estimate, t_interval
from dmi_sim.study.columns import Row
from dmi_sim.tables import percent, with_unit


@dataclass(frozen=True)
class OtherTest:
    """The last test of one kind, in one arm.

    Attributes:
        exercise: Exercise in which infants were tested.
        support: Hands that held them.
        pushed: Whether they were pushed.
        group: Kind of infants.
        arm: Arm in which they had practised.
        mean: Mean of the outcome over infants, with its t interval.
        success_share: Share of successes.
    """

    exercise: str
    support: str
    pushed: bool
    group: Group
    arm: str
    mean: Estimate
    success_share: float


def other_tests(run: RunTables) -> tuple[OtherTest, ...]:
    """The last tests of all kinds that the primary outcome is not measured in."""
    primary = {id(row) for row in primary_tests(run)}
    last = max((int(row["evaluation"]) for row in run.tests), default=0)
    kinds: dict[tuple[object, ...], list[Row]] = {}
    for row in run.tests:
        if id(row) not in primary and row["evaluation"] == last:
            group = group_of(row, run.manifest.spec)
            key = row["tested_in"], row["tested_with"], row["pushed"], group, row["arm"]
            kinds.setdefault(key, []).append(row)
    return tuple(_other_test(rows, run) for rows in kinds.values())


def _other_test(rows: Sequence[Row], run: RunTables) -> OtherTest:
    first, outcome = rows[0], run.manifest.spec.primary_outcome.curve
    return OtherTest(
        exercise=str(first["tested_in"]),
        support=str(first["tested_with"]),
        pushed=bool(first["pushed"]),
        group=group_of(first, run.manifest.spec),
        arm=str(first["arm"]),
        mean=t_interval(np.array([float(row[outcome]) for row in rows])),
        success_share=float(np.mean([float(row["success"]) for row in rows])),
    )


def other_tests_section(run: RunTables, context: ReportContext, catalog: Catalog) -> Iterator[Html]:
    """The other tests in a table, if there are any; they are told, not judged."""
    found = other_tests(run)
    if not found:
        return
    measured, is_success = context.curve_measure, context.findings.primary.curve == "success"
    cut = cut_words([one.mean for one in found], measured)
    in_hands = SUCCESS_IN_HANDS if any(one.support != "none" for one in found) else ""
    title = with_unit(f"{measured.title.capitalize()}, mean [95 %]", measured.bracketed_unit)
    yield section(
        "other_tests",
        "Other tests",
        paragraph(
            "The last test in other hands, or in exercises that nobody had practised (transfer). "
            "These are secondary: they are told without correction, and nothing is judged by them."
        ),
        table(
            ["Test", "Practice", title, *([] if is_success else ["Success"])],
            (_row(one, context, catalog)[: 3 if is_success else 4] for one in found),
            class_="tight",
        ),
        *(paragraph(words, class_="note") for words in (cut, in_hands) if words),
    )


def _row(one: OtherTest, context: ReportContext, catalog: Catalog) -> list[str]:
    transfer = "" if one.exercise == context.study.exercise else ", transfer"
    return [
        f"{title_and_verb(one.exercise, catalog)[0]}{transfer}, "
        f"{lower_first(support_title(one.support, catalog))}, "
        f"{'pushed' if one.pushed else 'not pushed'}",
        join((arm_label(context.titles, one.arm), context.about(one.group))),
        mean_text(one.mean, context.curve_measure.bounds),
        percent(one.success_share),
    ]
