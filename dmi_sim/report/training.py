"""How infants learned, how they stood pushes in the end, and what the hands gave meanwhile."""

from collections.abc import Sequence

from dmi_sim.report.figures import assistance_svg, last_test_svg, learning_curves_svg
from dmi_sim.report.findings import Course, Group, dose_mean, total_impulse_n_s
from dmi_sim.report.markup import Html, element, join, paragraph, section, table
from dmi_sim.report.context import Story, arm_label, figure
from dmi_sim.report.labels import group_title, number, percent, with_unit


def learning(story: Story) -> Html:
    """How infants learned over practice, pushed and not."""
    label = with_unit(story.measure.title.capitalize(), f"[{story.measure.unit}]")
    kinds = (
        ("pushed", "Tests with pushes", story.findings.nudged),
        ("calm", "Tests without pushes", story.findings.calm),
    )
    pictures = [
        join(
            (
                element("h3", title),
                figure(
                    learning_curves_svg(courses, story.titles, label, name, story.several_groups),
                    "Thin lines are single infants, bold lines the mean of an arm, bands its 95 % "
                    "t interval (cut off at the frame). Every test is alone, without hands.",
                ),
            )
        )
        for name, title, courses in kinds
        if courses
    ]
    return section("learning", "Learning over practice", *pictures)


def nudges(story: Story) -> Html:
    """The last test, infant by infant."""
    courses = story.findings.nudged or story.findings.calm
    kind = "Under pushes" if story.findings.nudged else "Without pushes"
    picture = last_test_svg(courses, story.titles, story.measure, story.several_groups)
    return section(
        "nudges",
        f"{kind}, after all practice",
        figure(
            picture,
            "Every point is one infant at its last test, alone; thin lines join the same infant in "
            "the different arms, thick strokes are means.",
        ),
    )


def assistance(story: Story) -> Html:
    """How much the hands gave, so that their place is not mistaken for their strength."""
    found = story.findings
    pictures = [
        figure(
            assistance_svg(
                [one for one in found.impulse_n_s_per_h if one.group == group],
                [one for one in found.weight_share if one.group == group],
                story.titles,
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
            [_help_row(story, group, arm) for group in found.groups for arm in found.arms],
            "Means over infants",
        ),
    )


def _help_row(story: Story, group: Group, arm: str) -> list[str]:
    def own(courses: Sequence[Course]) -> list[Course]:
        return [one for one in courses if (one.group, one.arm) == (group, arm)]

    impulses = [total_impulse_n_s(one) / 1000 for one in own(story.findings.impulse_n_s_per_h)]
    shares = [dose_mean(one) for one in own(story.findings.weight_share)]
    about = f", {group_title(group)}" if story.several_groups else ""
    return [
        join((arm_label(story.titles, arm), about)),
        number(_mean(impulses), 1),
        percent(_mean(shares)),
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
