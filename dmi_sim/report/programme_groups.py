"""The kinds of children of a study of programmes: arms are compared within each of them."""

from collections.abc import Sequence

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.report.comparisons import Group
from dmi_sim.report.group_titles import group_titles
from dmi_sim.spec.study import ConditionChoice
from dmi_sim.study.cell import condition_kind


def groups_of(courses: Sequence[Course]) -> dict[Group, list[Course]]:
    """The courses of each kind of children, in the order of the courses.

    Args:
        courses: Courses of children.
    """
    sexes = {str(one.who["sex"]) for one in courses}
    found: dict[Group, list[Course]] = {}
    for one in courses:
        group = Group(
            condition=condition_kind(choice_of(one).name, choice_of(one).options),
            severity=choice_of(one).severity,
            age_months=float(one.who["age_months"]),
            sex=next(iter(sexes)) if len(sexes) == 1 else "drawn",
        )
        found.setdefault(group, []).append(one)
    return found


def choice_of(course: Course) -> ConditionChoice:
    """The condition of a child, with its severity and options.

    Args:
        course: The course of the child.
    """
    who = course.who
    options = who.get("condition_options") or {}
    severity = who.get("severity", ConditionChoice(name="typical").severity)
    return ConditionChoice(name=str(who["condition"]), severity=severity, options=options)


def kinds_told(courses: Sequence[Course], catalog: Catalog) -> dict[Group, str]:
    """Titles of the kinds of children, where there are several; else none is needed.

    Args:
        courses: Courses of children.
        catalog: Source of the titles of conditions.
    """
    groups = groups_of(courses)
    choices = [choice_of(own[0]) for own in groups.values()]
    return group_titles(groups, choices, catalog) if len(groups) > 1 else {}
