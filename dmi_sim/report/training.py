"""How infants learned, how they stood pushes in the end, and what the hands gave meanwhile."""

from collections.abc import Sequence

from dmi_sim.report.context import ReportContext, arm_label, figure
from dmi_sim.report.figures import assistance_svg, last_test_svg, learning_curves_svg
from dmi_sim.report.findings import Group, LearningCurve, dose_mean, total_impulse_n_s
from dmi_sim.report.labels import group_title
from dmi_sim.report.markup import Html, element, join, paragraph, section, table
from dmi_sim.tables import number, percent, with_unit


def learning(context: ReportContext) -> Html:
    """How infants learned over practice, pushed and not."""
    label = with_unit(context.measure.title.capitalize(), f"[{context.measure.unit}]")
    kinds = (
        ("pushed", "Tests with pushes", context.findings.pushed),
        ("calm", "Tests without pushes", context.findings.calm),
    )
    pictures = [
        join(
            (
                element("h3", title),
                figure(
                    learning_curves_svg(
                        courses, context.titles, label, name, context.several_groups
                    ),
                    "Thin lines are single infants, bold lines the mean of an arm, bands its 95 % "
                    "t interval (cut off at the frame). Every test is alone, without hands.",
                ),
            )
        )
        for name, title, courses in kinds
        if courses
    ]
    return section("learning", "Learning over practice", *pictures)


def pushes(context: ReportContext) -> Html:
    """The last test, infant by infant."""
    courses = context.findings.pushed or context.findings.calm
    kind = "Under pushes" if context.findings.pushed else "Without pushes"
    picture = last_test_svg(courses, context.titles, context.measure, context.several_groups)
    return section(
        "pushes",
        f"{kind}, after all practice",
        figure(
            picture,
            "Every point is one infant at its last test, alone; thin lines join the same infant in "
            "the different arms, thick strokes are means.",
        ),
    )


def assistance(context: ReportContext) -> Html:
    """How much the hands gave, so that their place is not mistaken for their strength."""
    found = context.findings
    pictures = [
        figure(
            assistance_svg(
                [one for one in found.impulse_n_s_per_h if one.group == group],
                [one for one in found.weight_share if one.group == group],
                context.titles,
                f"help{place}",
            ),
            "Impulse is force times time. Below zero the hands press down. Bold lines are means "
            "over infants, bands their 95 % t intervals.",
        )
        for place, group in enumerate(found.groups)
    ]
    return section(
        "assistance",
        "What the hands gave during practice",
        paragraph(
            "Hands at different places also help by different amounts. A difference between arms "
            "can come from where the hands were, or from how much they carried."
        ),
        *pictures,
        table(
            ["Practice", "Impulse in all [kN·s]", "Mean share of body weight"],
            [_help_row(context, group, arm) for group in found.groups for arm in found.arms],
            "Means over infants",
        ),
    )


def _help_row(context: ReportContext, group: Group, arm: str) -> list[str]:
    def own(courses: Sequence[LearningCurve]) -> list[LearningCurve]:
        return [one for one in courses if (one.group, one.arm) == (group, arm)]

    impulses = [total_impulse_n_s(one) / 1000 for one in own(context.findings.impulse_n_s_per_h)]
    shares = [dose_mean(one) for one in own(context.findings.weight_share)]
    about = f", {group_title(group)}" if context.several_groups else ""
    return [
        join((arm_label(context.titles, arm), about)),
        number(_mean(impulses), 1),
        percent(_mean(shares)),
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
