"""What a study of programmes asks, in the form that its report needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from dmi_sim.child.course import Course
from dmi_sim.child.outcomes import CHILD_OUTCOMES
from dmi_sim.report.labels import Measure, unit_text
from dmi_sim.report.programme_elements import element_words
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.spec.study import Factor
from dmi_sim.tables import plain_words
from dmi_sim.therapy.factorial import levels_of

MARGIN = 0.05
"""Largest difference in a score that would not matter, where nobody named one."""


@dataclass(frozen=True)
class ProgrammeQuestion:
    """What a study of programmes asks.

    Attributes:
        title: Title of the study.
        question: Its question.
        background: Reason for the question.
        comparisons: Pairs of arms; an effect is the first minus the second.
        outcome: Name of the primary outcome.
        params: Parameters of the primary outcome.
        margin: Largest difference that would not matter, in the unit of the outcome.
        about: Form, date, state and computer of the run, in words.
        brain: How the children learn; None if it is not known.
        left_out: One line for each child that could not be read.
        assumed: What the study itself assumes for all arms, one sentence for each.
        interactions: Factors on which effects may depend.
        by_elements: Whether the main effects of elements answer the question.
        is_paired: Whether a child begins with the same brain in every arm, and has the same noise.
        is_declared: Whether outcome and comparisons were named before anything ran.
    """

    title: str
    question: str
    comparisons: tuple[tuple[str, str], ...]
    background: str = ""
    outcome: str = "score_gain"
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    margin: float = MARGIN
    about: str = ""
    brain: BrainSpec | None = None
    left_out: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    interactions: tuple[Factor, ...] = ()
    by_elements: bool = False
    is_paired: bool = True
    is_declared: bool = True


def question_of(courses: Sequence[Course]) -> ProgrammeQuestion:
    """The question of courses that belong to no study: all arms are compared with each other.

    Args:
        courses: Courses of children.
    """
    arms = arms_of(courses)
    return ProgrammeQuestion(
        title="Programmes compared",
        question="Who learns what under which programme, in whose hands, at which dose?",
        comparisons=tuple(combinations(arms, 2)),
        is_declared=False,
    )


def arms_of(courses: Sequence[Course]) -> tuple[str, ...]:
    """The names of the arms, in the order of the courses."""
    return tuple(dict.fromkeys(one.arm for one in courses))


def titles_of(courses: Sequence[Course]) -> dict[str, str]:
    """Titles of the arms by name, in the order of the courses; no two are alike.

    Programmes of a factorial are told by the elements in which they differ.

    Args:
        courses: Courses of children.
    """
    plain = {one.arm: one.programme.title for one in courses}
    levels = levels_of(plain)
    if levels:
        return {arm: element_words(levels[arm]) for arm in plain}
    titles = list(plain.values())
    return {
        arm: title if titles.count(title) == 1 else f"{title} ({arm})"
        for arm, title in plain.items()
    }


def child_measure(outcome: str, params: Mapping[str, object]) -> Measure:
    """An outcome of a child in the words of a report.

    Args:
        outcome: Name of the outcome.
        params: Its parameters.

    >>> child_measure("age_at_milestone_months", {"milestone": "walking_alone"}).title
    'age at walking alone'
    """
    found, milestone, motion = (
        CHILD_OUTCOMES[outcome],
        params.get("milestone"),
        params.get("motion"),
    )
    title = f"age at {milestone_words(str(milestone))}" if milestone else found.title
    title = f"{plain_words(str(motion))}, {title}" if motion else title
    return Measure(
        title=title,
        unit=_unit(found.unit),
        meaning=found.definition[:1].lower() + found.definition[1:],
        direction=found.direction,
        bounds=found.bounds,
    )


def is_score(outcome: str) -> bool:
    """Whether an outcome is a share of success, which a report tells in per cent.

    >>> is_score("score_gain"), is_score("plateau_weeks")
    (True, False)
    """
    return CHILD_OUTCOMES[outcome].unit == "1"


def _unit(unit: str) -> str:
    words = {"month": "months", "week": "weeks", "level": "levels", "deg": "°"}
    return words.get(unit, unit_text(unit))


def milestone_words(milestone: str) -> str:
    """The name of a milestone as words.

    >>> milestone_words("walking_alone")
    'walking alone'
    """
    return milestone.replace("_", " ")
