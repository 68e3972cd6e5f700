"""The story of one child of each arm: a picture and a few plain sentences, all from its diary."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import PROGRESS, Assessment
from dmi_sim.child.course import Course
from dmi_sim.child.diary import SessionEntry
from dmi_sim.child.outcomes import dose, dose_of
from dmi_sim.report.child_figure import StoryScale, child_picture, site_words, story_scale
from dmi_sim.report.child_marks import is_drawn_by_week, play_of, therapy_of
from dmi_sim.report.context import figure
from dmi_sim.report.exercise_words import title_and_verb
from dmi_sim.report.labels import lower_first
from dmi_sim.report.markup import Html, element, paragraph, section, unbroken
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.progress import ProgressSpec
from dmi_sim.tables import number, percent, plain_words
from dmi_sim.therapy.skills import NONE, all_skills

MOST_DRAWN = 8
"""Arms whose child is drawn, the first as planned; of more, the others are told in words only, so
that a page stays small."""
_SEXES = {"female": "girl", "male": "boy"}


def child_of_each_arm(courses: Sequence[Course], arms: Iterable[str]) -> tuple[Course, ...]:
    """The same child in every arm: that of the lowest number who finished in all of them.

    It is chosen by its number alone, so that nobody can choose a child that suits an arm. Where no
    child finished in all arms, each arm shows its own first one.

    Args:
        courses: Courses of children.
        arms: Names of the arms, in planned order.
    """
    numbers = {arm: {one.child for one in courses if one.arm == arm} for arm in arms}
    common = set[int].intersection(*numbers.values()) if numbers else set[int]()
    chosen = {arm: min(common or own) for arm, own in numbers.items() if own}
    return tuple(
        next(one for one in courses if (one.arm, one.child) == (arm, child))
        for arm, child in chosen.items()
    )


def stories_section(courses: Sequence[Course], titles: Mapping[str, str], catalog: Catalog) -> Html:
    """One child of each arm, in planned order.

    Args:
        courses: Courses of all children.
        titles: Titles of the arms, by name, in planned order.
        catalog: Source of titles.
    """
    chosen = child_of_each_arm(courses, titles)
    scale = story_scale(chosen[:MOST_DRAWN], catalog)
    which = (
        f"This is child {chosen[0].child + 1}, the first that finished in every arm: the same "
        "body under one programme or the other. "
        if len(chosen) > 1 and len({one.child for one in chosen}) == 1
        else ""
    )
    return section(
        "stories",
        "One child",
        paragraph(
            f"{which}One child tells what a programme does, not which is better; for that see all "
            "children below."
        ),
        *(
            part
            for place, one in enumerate(chosen)
            for part in _story(one, titles[one.arm], scale, catalog, place)
        ),
    )


def _story(
    course: Course, title: str, scale: StoryScale, catalog: Catalog, place: int
) -> Iterator[Html]:
    """The child of an arm at its place among the arms, from 0."""
    yield element("h3", title)
    yield paragraph(unbroken(" ".join(story(course, catalog))))
    if place < MOST_DRAWN:
        picture = child_picture(course, f"child_{course.arm}", catalog, scale)
        yield figure(picture.inline, "Drawn as above." if place else _caption(course))


def _caption(course: Course) -> str:
    """How to read the picture."""
    mark = "week" if is_drawn_by_week(course) else "session"
    return (
        "Each exercise has a row, the lowest skill at the bottom. A bar that stands on a line is "
        f"one {mark} with the therapist, and the higher it is the longer this exercise was "
        "practised in it. Its colours tell where the hands were, from high on the body to none; "
        "the fuller a colour, the firmer the hands. Grey below a line is free play, by week, on "
        "a scale of its own. All other scales are the same in every arm."
    )


def story(course: Course, catalog: Catalog) -> tuple[str, ...]:
    """What happened to a child, in a few plain sentences.

    Args:
        course: The course of the child.
        catalog: Source of titles.
    """
    return (
        _who_it_was(course, catalog),
        *_practised(course, catalog),
        _could(course, catalog),
        _fell(course),
    )


def _who_it_was(course: Course, catalog: Catalog) -> str:
    therapy, play = therapy_of(course), play_of(course)
    came = f"{counted(len(therapy), 'session')} with a therapist" if therapy else "no therapist"
    played = f"played freely {counted(len(play), 'time')}" if play else "had no free play"
    minutes = dose(course).practice_minutes
    spent = f"{number(minutes, 1)} minutes" if minutes < 60 else f"{number(minutes / 60, 1)} hours"
    return (
        f"{_who_words(course.who, catalog)} had {came} and {played} over "
        f"{counted(_weeks(course), 'week')}; "
        f"{spent} of it were simulated."
    )


def counted(count: int, what: str) -> str:
    """So many of something.

    >>> counted(1, "week"), counted(4, "week")
    ('1 week', '4 weeks')
    """
    return f"{count} {what}{'' if count == 1 else 's'}"


def _weeks(course: Course) -> int:
    return course.assessments[-1].week - course.assessments[0].week


def _who_words(who: Mapping[str, object], catalog: Catalog) -> str:
    sex = _SEXES.get(str(who["sex"]), str(who["sex"]))
    return f"A {sex} of {float(str(who['age_months'])):g} months ({condition_words(who, catalog)})"


def condition_words(who: Mapping[str, object], catalog: Catalog) -> str:
    """The condition of a child with its severity; its name if its file no longer exists.

    Args:
        who: Who the child is, as :func:`dmi_sim.infant.who` says it.
        catalog: Source of the titles of conditions.
    """
    name, severity = str(who["condition"]), float(str(who["severity"]))
    if name not in catalog.names(ConditionSpec):
        return f"{plain_words(name)}, severity {severity:g}"
    spec = catalog.load(ConditionSpec, name)
    title = spec.title if spec.begins_with_a_name else lower_first(spec.title)
    return f"{title}, severity {severity:g}" if spec.changes or spec.growth else title


def _practised(course: Course, catalog: Catalog) -> Iterator[str]:
    """What it practised most with the therapist, in whose hands; nothing if nobody came."""
    therapy = therapy_of(course)
    minutes = _added(one.minutes_by_exercise for one in therapy)
    if not minutes:
        return
    total = sum(minutes.values())
    most, *others = (
        f"{lower_first(title_and_verb(name, catalog)[0])} ({percent(spent / total)} of the time)"
        for name, spent in list(minutes.items())[:3]
    )
    then = f", then {' and '.join(others)}" if others else ""
    yield f"With the therapist it practised most: {most}{then}."
    yield _in_hands(therapy)


def _in_hands(therapy: Sequence[SessionEntry]) -> str:
    sites = _added(one.minutes_by_site for one in therapy)
    total = sum(sites.values())
    held = [(site, spent) for site, spent in sites.items() if site != NONE]
    if not held:
        return "Nobody held it in any of this."
    alone = sites.get(NONE, 0.0) / total
    without = f"{percent(alone)} of the time there were none" if alone else "it was always held"
    where = " and ".join(f"{site_words(site)} ({percent(t / total)})" for site, t in held[:2])
    carried = percent(dose_of(therapy).support_share)
    return (
        f"The hands were most often {where}; {without}. "
        f"They carried {carried} of its weight, taken over all sessions."
    )


def _added(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Minutes by name, the most first."""
    total = defaultdict[str, float](float)
    for part in parts:
        for name, minutes in part.items():
            total[name] += minutes
    return dict(sorted(total.items(), key=lambda one: (-one[1], one[0])))


def _could(course: Course, catalog: Catalog) -> str:
    first, last = course.assessments[0], course.assessments[-1]
    after = course.retention
    later = f", {percent(after.score)} after a pause without practice" if after is not None else ""
    return (
        f"Alone it succeeded in {percent(first.score)} of the trials over all exercises before, "
        f"and in {percent(last.score)} at the end{later}. Exercises in which it succeeded often "
        f"enough to count as a skill: {_can(first, catalog)} before, {_can(last, catalog)} at the "
        "end."
    )


def _can(assessment: Assessment, catalog: Catalog) -> str:
    """How many exercises count as a skill, and the highest of them."""
    least = catalog.load(ProgressSpec, PROGRESS).reached.value
    able = {name for name, share in assessment.success.items() if share >= least}
    if not able:
        return "none"
    highest = [one.name for one in all_skills(catalog) if one.name in able][-1:]
    titles = [lower_first(title_and_verb(name, catalog)[0]) for name in highest]
    counted = f"{len(able)} of {len(assessment.success)}"
    return f"{counted} (the highest: {titles[0]})" if titles else counted


def _fell(course: Course) -> str:
    therapy, play = dose_of(therapy_of(course)), dose_of(play_of(course))
    trials = therapy.repetitions + play.repetitions
    if not trials:
        return "No trial of it came to an end."
    at_play = f", {play.falls} of these times at play" if therapy.repetitions else ""
    return f"In practice it fell in {therapy.falls + play.falls} of {trials} trials{at_play}."
