"""The report of a run of programmes: plain tables in one HTML file that needs no network."""

from collections.abc import Iterator
from pathlib import Path

from dmi_sim.child.course import Course
from dmi_sim.child.outcomes import dose, score_over_weeks
from dmi_sim.errors import InputError
from dmi_sim.files import write_text
from dmi_sim.report.markup import Html, element, paragraph, table
from dmi_sim.report.programme_effects import ProgrammeEffects, programme_effects
from dmi_sim.study.courses import programme_manifest, read_courses
from dmi_sim.study.store import REPORT
from dmi_sim.tables import UNKNOWN, number


def write_programme_report(run: Path) -> Path:
    """Write ``report.html`` into the folder of a run of programmes.

    Args:
        run: Folder of a run, finished or not.

    Returns:
        The file of the report.

    Raises:
        InputError: If the folder is none of such a run, or no cell of it is finished.
    """
    manifest, read = programme_manifest(run), read_courses(run)
    if not read.courses:
        raise InputError(f"{run}: nothing to report, no cell is finished", *read.left_out)
    effects = programme_effects(read.courses, manifest.spec)
    body = element(
        "body",
        paragraph(manifest.context_of_use, class_="use"),
        element("h1", manifest.spec.title),
        paragraph(manifest.spec.question),
        *(paragraph(f"Left out: {line}", class_="warning") for line in read.left_out),
        element("h2", f"{effects.outcome.title} [{effects.outcome.unit}]"),
        _arms(effects),
        element("h2", "Arms compared child by child"),
        paragraph(_caution(effects)),
        _comparisons(effects),
        element("h2", "Children"),
        _children(read.courses),
    )
    head = element("head", element("meta", charset="utf-8"), element("title", manifest.spec.title))
    text = f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"
    write_text(run / REPORT, text)
    return run / REPORT


def _caution(effects: ProgrammeEffects) -> str:
    if effects.may_decide:
        return "Intervals of 95 %; p values are corrected by Holm for the number of comparisons."
    return "So few children describe what happened to them; they do not decide anything."


def _arms(effects: ProgrammeEffects) -> Html:
    head = ("Arm", "Children", "Mean", "95 % interval", "Censored")
    rows = (
        (
            one.arm,
            str(len(one.values)),
            number(one.mean.value, 3),
            f"[{number(one.mean.low, 3)}, {number(one.mean.high, 3)}]",
            str(len(one.censored)),
        )
        for one in effects.arms
    )
    return table(head, rows)


def _comparisons(effects: ProgrammeEffects) -> Html:
    head = ("Comparison", "Children", "Difference", "95 % interval", "p (Holm)")
    rows = (
        (
            f"{one.first} minus {one.second}",
            str(len(one.differences)),
            number(one.difference.value, 3),
            f"[{number(one.difference.low, 3)}, {number(one.difference.high, 3)}]",
            number(one.p_holm, 3) if effects.may_decide else UNKNOWN,
        )
        for one in effects.comparisons
    )
    return table(head, rows)


def _children(courses: tuple[Course, ...]) -> Html:
    head = (
        "Arm and child", "Score by week", "After the pause", "Practice [min]", "Repetitions",
        "Falls", "Impulse of the hands [N s]",
    )  # fmt: skip
    return table(head, _child_rows(courses))


def _child_rows(courses: tuple[Course, ...]) -> Iterator[tuple[str, ...]]:
    for one in courses:
        given, points = dose(one), score_over_weeks(one)
        yield (
            f"{one.arm}, child {one.child}",
            ", ".join(f"{number(point.score, 2)} (week {point.week})" for point in points),
            UNKNOWN if one.retention is None else number(one.retention.score, 2),
            number(given.practice_minutes, 1),
            str(given.repetitions),
            str(given.falls),
            number(given.support_impulse_n_s, 0),
        )
