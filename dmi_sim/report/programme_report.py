"""The report of a study of programmes: one self-contained HTML file that needs no network."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.errors import InputError
from dmi_sim.files import write_text
from dmi_sim.report.child_story import condition_words, counted, stories_section
from dmi_sim.report.context import figure
from dmi_sim.report.markup import Html, element, join, paragraph, section, table
from dmi_sim.report.milestone_curves import milestone_rows, milestones_picture
from dmi_sim.report.page import head
from dmi_sim.report.programme_after import after_section
from dmi_sim.report.programme_effects_section import effects_section
from dmi_sim.report.programme_elements_section import elements_section
from dmi_sim.report.programme_groups import groups_of, kinds_told
from dmi_sim.report.programme_numbers import ProgrammeNumbers, programme_numbers
from dmi_sim.report.programme_question import ProgrammeQuestion, question_of, titles_of
from dmi_sim.report.programme_rests import rests_section
from dmi_sim.report.programme_scores import scores_picture
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.study.run_manifest import CONTEXT_OF_USE

_SECTIONS = {
    "question": "Question",
    "answer": "Answer",
    "stories": "One child",
    "scores": "All children",
    "milestones": "Milestones",
    "elements": "Elements",
    "after": "Plateaus and after",
    "rests": "Rests on",
    "words": "Words",
}


def write_programme_report(
    courses: Sequence[Course],
    path: Path,
    question: ProgrammeQuestion | None = None,
    catalog: Catalog | None = None,
) -> Path:
    """Write the report of the courses of children.

    Args:
        courses: Courses of the children that are finished, in planned order.
        path: File of the report.
        question: What the study asks; by default all arms are compared with each other.
        catalog: Source of titles and references; the shipped files if None.

    Returns:
        The file of the report.

    Raises:
        InputError: If there is no course.
    """
    html = programme_report_html(courses, question, catalog or Catalog.shipped())
    write_text(path, html)
    return path


def programme_report_html(
    courses: Sequence[Course], question: ProgrammeQuestion | None, catalog: Catalog
) -> str:
    """The report of a study of programmes as an HTML page.

    Args:
        courses: Courses of the children that are finished.
        question: What the study asks; by default all arms are compared with each other.
        catalog: Source of titles and references.

    Raises:
        InputError: If there is no course.
    """
    if not courses:
        raise InputError("courses: nothing to report, no child is finished")
    asked = question or question_of(courses)
    titles, numbers = titles_of(courses), programme_numbers(courses, asked)
    parts = (
        _question_section(courses, asked, titles, catalog),
        effects_section(numbers, titles, asked, kinds_told(courses, catalog)),
        stories_section(courses, titles, catalog),
        _scores_section(courses, titles),
        _milestones_section(numbers, titles, catalog),
        *elements_section(numbers),
        after_section(courses, titles, catalog),
        rests_section(courses, titles, asked, catalog),
        _words_section(),
    )
    footer = element("footer", paragraph(CONTEXT_OF_USE, class_="use"))
    body = element("body", _header(asked, has_elements=bool(numbers.elements)), *parts, footer)
    return f"<!DOCTYPE html>\n{element('html', head(asked.title), body, lang='en')}\n"


def _header(asked: ProgrammeQuestion, *, has_elements: bool) -> Html:
    shown = {key: title for key, title in _SECTIONS.items() if key != "elements" or has_elements}
    links = (element("a", title, href=f"#{key}") for key, title in shown.items())
    return element(
        "header",
        paragraph(CONTEXT_OF_USE, class_="use"),
        element("h1", asked.title),
        *([paragraph(asked.about, class_="note")] if asked.about else []),
        element("nav", join(links, " ")),
    )


def _question_section(
    courses: Sequence[Course],
    asked: ProgrammeQuestion,
    titles: Mapping[str, str],
    catalog: Catalog,
) -> Html:
    return section(
        "question",
        "The question",
        paragraph(asked.question, class_="question"),
        paragraph(_what_was_done(courses, asked, titles, catalog)),
        *(paragraph(f"Left out: {line}", class_="warning") for line in asked.left_out),
        *([paragraph(asked.background, class_="note")] if asked.background else []),
    )


def _what_was_done(
    courses: Sequence[Course],
    asked: ProgrammeQuestion,
    titles: Mapping[str, str],
    catalog: Catalog,
) -> str:
    first = courses[0]
    children = {one.child for one in courses}
    conditions = [condition_words(own[0].who, catalog) for own in groups_of(courses).values()]
    who = f"{first.who['age_months']:g} months old; {'; '.join(conditions)}"
    weeks = first.assessments[-1].week
    counts = {arm: sum(one.arm == arm for one in courses) for arm in titles}
    whole = "" if set(counts.values()) == {len(children)} else " (not every child finished in each)"
    many = len(children) != 1
    alike = "the same body and the same beginning" if asked.is_paired else "the same body"
    return (
        f"{len(children)} simulated {'children' if many else 'child'} ({who}) lived "
        f"{counted(weeks, 'week')} under each of {counted(len(titles), 'programme')}{whole}, with "
        f"{alike} in each. A child grows from week to week and has one brain for all that it "
        "learns; it practises what a therapist orders, who sees only whether trials succeed, and "
        f"plays freely in between. At {counted(len(first.assessments), 'age')} it was tried in "
        "every exercise, in as little help as the exercise allows, "
        f"{counted(first.assessments[0].trials, 'time')} each; the share of these trials with "
        "success is its score. Nothing in what it is rewarded for knows where the hands are."
    )


def _scores_section(courses: Sequence[Course], titles: Mapping[str, str]) -> Html:
    fewest = min(sum(one.arm == arm for one in courses) for arm in titles)
    bands = (
        "bands their 95 % t intervals"
        if fewest >= FEWEST_TO_DECIDE
        else f"there is no band where an arm has fewer than {FEWEST_TO_DECIDE} children"
    )
    return section(
        "scores",
        "All children",
        figure(
            scores_picture(courses, titles).inline,
            f"Thin lines are single children, thick lines the means of arms; {bands}.",
        ),
    )


def _milestones_section(
    numbers: ProgrammeNumbers, titles: Mapping[str, str], catalog: Catalog
) -> Html:
    if not numbers.milestones:
        return section("milestones", "Milestones", paragraph("No exercise comes near to one."))
    never = sum(one.censored for found in numbers.milestones for one in found.curves)
    many = "Children who never reached a milestone stay in its curve until they were last seen "
    few = "Every child reached every milestone."
    return section(
        "milestones",
        "Ages of milestones",
        paragraph(
            f"{many if never else few}"
            f"{'(a short stroke at the end of a curve), and are counted below.' if never else ''} "
            "An age is that of the first assessment with the skill; the true one lies between it "
            "and the assessment before. The grey windows are those of healthy infants in the study "
            "of WHO: they are no goal, and nothing in the simulation uses them."
        ),
        figure(
            milestones_picture(numbers.milestones, titles, catalog).inline,
            "Share of the children who have reached a milestone by an age (Kaplan-Meier).",
        ),
        table(
            ["Milestone", *titles.values(), "WHO: mean (1 to 99 of 100)"],
            milestone_rows(numbers.milestones, catalog),
            "Children who reached it, and the age by which half of them had [months]",
            class_="tight",
        ),
        *_differing(numbers, catalog),
    )  # fmt: skip


def _differing(numbers: ProgrammeNumbers, catalog: Catalog) -> list[Html]:
    """How exercises differ from what infants had to do, where they do."""
    from dmi_sim.report.milestone_curves import who_windows

    windows = who_windows(catalog)
    lines = [
        f"{one.milestone.replace('_', ' ').capitalize()}: {windows[one.milestone].differs}."
        for one in numbers.milestones
        if windows[one.milestone].differs
    ]
    return [paragraph(" ".join(lines), class_="note")] if lines else []


_TERMS = (
    ("Score", "Share of trials with success over all exercises, each counting alike, tried alone: "
     "in as little support as the exercise allows, without learning from it."),
    ("Pairing", "The same child lives under every programme: the same body, and the same brain at "
     "the beginning. Arms are compared within children; the child is what is counted."),
    ("95 % interval", "A range made so that it holds the true difference in 95 of 100 such "
     "studies. If zero is in it, no difference is shown. That of the primary outcome covers the t "
     "interval and the bootstrap interval, all others are t intervals."),
    ("p, Holm", "The p value of the paired t test, corrected for the number of comparisons."),
    ("Censored", "A child who has not reached a milestone when it is last seen. When it would have "
     "is not known; it counts until then, and is never dropped."),
    ("Verdict", f"From {FEWEST_TO_DECIDE} children on: a difference or an equivalence, if interval "
     "and corrected p value both show it; else no difference shown. Fewer children are described."),
    ("Points", "Hundredths: from 40 % to 45 % are five points."),
)  # fmt: skip


def _words_section() -> Html:
    pairs = (join((element("dt", term), element("dd", words))) for term, words in _TERMS)
    return section("words", "Words", element("dl", *pairs))
