"""The numbers of the report of a study of programmes as plain data, for ``--json``."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dmi_sim.child.course import Course
from dmi_sim.report.background import comparison_rows, interaction_row
from dmi_sim.report.milestone_curves import MilestoneCurve
from dmi_sim.report.programme_after import after_practice
from dmi_sim.report.programme_effects_section import answer_of_programmes
from dmi_sim.report.programme_numbers import ProgrammeNumbers, SideBySide
from dmi_sim.report.programme_question import ProgrammeQuestion
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE


def programme_data(
    courses: Sequence[Course], numbers: ProgrammeNumbers, question: ProgrammeQuestion
) -> dict[str, Any]:
    """All numbers of a report, in the units of the outcomes: scores from 0 to 1.

    Args:
        courses: Courses of the children.
        numbers: Numbers of their report.
        question: What the study asks.
    """
    return {
        "outcome": question.outcome,
        "params": dict(question.params),
        "margin": question.margin,
        "answer": answer_of_programmes(numbers),
        "may_decide": all(
            len(one.primary.differences) >= FEWEST_TO_DECIDE for one in numbers.compared
        ),
        "values": {
            arm: {str(child): value for child, value in own.items()}
            for arm, own in numbers.values.items()
        },
        "censored": dict(numbers.censored),
        "comparisons": list(comparison_rows(one.primary for one in numbers.compared)),
        "interactions": [interaction_row(one) for one in numbers.interactions],
        "beside": [
            {
                "first": one.primary.first,
                "second": one.primary.second,
                "condition": one.primary.group.condition,
                "rows": [_beside(row) for row in (*one.outcomes, *one.doses)],
            }
            for one in numbers.compared
        ],
        "milestones": [
            {"milestone": one.milestone, **_curve(curve)}
            for one in numbers.milestones
            for curve in one.curves
        ],
        "elements": [
            {
                "element": one.element,
                "high": one.high,
                "low": one.low,
                **next(comparison_rows([one.comparison])),
            }
            for one in numbers.elements
        ],
        "after": [asdict(one) for one in after_practice(courses)],
    }


def _beside(row: SideBySide) -> dict[str, Any]:
    difference = {f"difference_{name}": value for name, value in asdict(row.difference).items()}
    plain = {name: getattr(row, name) for name in ("title", "unit", "kind", "first", "second")}
    return {**plain, **difference}


def _curve(curve: MilestoneCurve) -> dict[str, Any]:
    return {
        "arm": curve.arm,
        "children": curve.children,
        "reached": curve.reached,
        "at_start": curve.at_start,
        "censored": curve.censored,
        "median_months": curve.median_months,
        "ages_months": curve.ages_months.tolist(),
        "share": curve.share.tolist(),
    }
