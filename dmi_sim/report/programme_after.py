"""Plateaus, what remains after a pause, and transfer to exercises that were never practised."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.child.outcomes import PLATEAU, plateaus
from dmi_sim.child.outcomes_transfer import never_practised, transfer, transfer_in
from dmi_sim.report.context import arm_label
from dmi_sim.report.exercise_words import title_and_verb
from dmi_sim.report.labels import lower_first
from dmi_sim.report.markup import Html, paragraph, section, table
from dmi_sim.report.programme_numbers import mean_of_known
from dmi_sim.spec.plateau import PlateauSpec
from dmi_sim.tables import UNKNOWN, number, percent


@dataclass(frozen=True)
class AfterPractice:
    """What stays in one arm, as means over its children.

    Attributes:
        arm: Name of the arm.
        children: Number of children.
        with_plateau: Number of them with a plateau.
        plateau_weeks: Weeks on plateaus.
        score_at_end: Score at the last assessment.
        score_after_pause: Score after the pause; NaN where there was none.
        untried: Exercises that a child never practised, their number.
        untried_before: Success in them at the first assessment; NaN without any.
        untried_after: The same at the last assessment.
        common_before: Success at the first assessment in the exercises that nobody practised in
            any arm; NaN without any.
        common_after: The same at the last assessment.
    """

    arm: str
    children: int
    with_plateau: int
    plateau_weeks: float
    score_at_end: float
    score_after_pause: float
    untried: float
    untried_before: float
    untried_after: float
    common_before: float
    common_after: float


def after_practice(courses: Sequence[Course]) -> tuple[AfterPractice, ...]:
    """What stays, arm by arm.

    Args:
        courses: Courses of all children.
    """
    common = never_practised(courses)
    arms = dict.fromkeys(one.arm for one in courses)
    return tuple(_of_arm([one for one in courses if one.arm == arm], common) for arm in arms)


def _of_arm(courses: Sequence[Course], common: Sequence[str]) -> AfterPractice:
    found = [plateaus(one) for one in courses]
    untried = [transfer(one) for one in courses]
    both = [transfer_in(one, common) for one in courses]
    later = [nan if one.retention is None else one.retention.score for one in courses]
    return AfterPractice(
        arm=courses[0].arm,
        children=len(courses),
        with_plateau=sum(bool(one) for one in found),
        plateau_weeks=mean_of_known(sum(one.weeks for one in own) for own in found),
        score_at_end=mean_of_known(one.assessments[-1].score for one in courses),
        score_after_pause=mean_of_known(later),
        untried=mean_of_known(len(one.exercises) for one in untried),
        untried_before=mean_of_known(one.before for one in untried),
        untried_after=mean_of_known(one.after for one in untried),
        common_before=mean_of_known(one.before for one in both),
        common_after=mean_of_known(one.after for one in both),
    )


def after_section(courses: Sequence[Course], titles: Mapping[str, str], catalog: Catalog) -> Html:
    """Plateaus, retention and transfer, arm by arm.

    Args:
        courses: Courses of all children.
        titles: Titles of the arms, by name.
        catalog: Source of the rule and of the titles of exercises.
    """
    found = after_practice(courses)
    return section(
        "after",
        "Plateaus, after a pause, and what nobody practised",
        paragraph(_rule_words(catalog)),
        table(
            [
                "Programme", "Children with a plateau", "Weeks on plateaus", "Score at the end",
                "After the pause", "Kept",
            ],
            (_plateau_row(one, titles) for one in found),
            "Plateaus and retention, means over children",
            "tight",
        ),
        *(paragraph(one, class_="note") for one in _pauses(courses)),
        table(
            [
                "Programme", "Exercises a child never practised", "Success in them before",
                "Success in them after", "In those of all arms, before", "After",
            ],
            (_transfer_row(one, titles) for one in found),
            "Transfer, means over children",
            "tight",
        ),
        paragraph(_transfer_words(courses, catalog), class_="note"),
    )  # fmt: skip


def _rule_words(catalog: Catalog) -> str:
    rule = catalog.load(PlateauSpec, PLATEAU)
    return (
        f"A plateau is a stretch of {rule.weeks.value:g} weeks or more in which no score is higher "
        f"than at its beginning by {100 * rule.least_gain.value:g} points or more; from a score of "
        f"{percent(rule.ceiling.value)} on nothing counts as one. The rule is the same for every "
        "arm, and its numbers are assumed."
    )


def _plateau_row(one: AfterPractice, titles: Mapping[str, str]) -> list[str]:
    kept = one.score_after_pause / one.score_at_end if one.score_at_end else nan
    return [
        arm_label(titles, one.arm),
        f"{one.with_plateau} of {one.children}",
        number(one.plateau_weeks, 1),
        percent(one.score_at_end),
        percent(one.score_after_pause),
        percent(kept),
    ]


def _pauses(courses: Sequence[Course]) -> Iterator[str]:
    weeks = {one.retention.week - one.assessments[-1].week for one in courses if one.retention}
    if not weeks:
        yield "The study asks for no pause, so nothing is known of what remains."
        return
    lengths = " or ".join(f"{one}" for one in sorted(weeks))
    yield f"The pause was {lengths} weeks without practice or play."


def _transfer_row(one: AfterPractice, titles: Mapping[str, str]) -> list[str]:
    return [
        arm_label(titles, one.arm),
        number(one.untried, 1),
        percent(one.untried_before),
        percent(one.untried_after),
        percent(one.common_before),
        percent(one.common_after),
    ]


def _transfer_words(courses: Sequence[Course], catalog: Catalog) -> str:
    common = never_practised(courses)
    named = [lower_first(title_and_verb(name, catalog)[0]) for name in common]
    which = (
        f"Nobody in any arm practised: {'; '.join(named)}."
        if named
        else f"No exercise was left out in every arm, hence \u201c{UNKNOWN}\u201d."
    )
    return (
        "What a child never practised depends on its programme, so only success in the exercises "
        f"of all arms is to be compared between them. {which}"
    )
