"""Sections on training: learning curves, the last test, and the assistance by the hands."""

from collections.abc import Sequence

from dmi_sim.report.comparisons import Group
from dmi_sim.report.context import ReportContext, arm_label, figure
from dmi_sim.report.findings import LearningCurve, dose_mean, total_impulse_n_s
from dmi_sim.report.markup import Html, element, join, paragraph, section, table
from dmi_sim.report.pictures import (
    assistance_picture,
    curves_of,
    last_test_picture,
    learning_picture,
)
from dmi_sim.tables import number, percent


def learning_section(context: ReportContext) -> Html:
    """Learning curves of all infants, in tests with pushes and without."""
    kinds = ((True, "Tests with pushes"), (False, "Tests without pushes"))
    figures = (
        join((element("h3", title), _learning_figure(context, pushed)))
        for pushed, title in kinds
        if curves_of(context, pushed)
    )
    return section("learning", "Learning over practice", *figures)


def _learning_figure(context: ReportContext, pushed: bool) -> Html:
    return figure(
        learning_picture(context, pushed).inline,
        "Thin lines are single infants, bold lines the mean of an arm, bands its 95 % "
        "t interval (cut off at what is possible, and at the frame). "
        f"Every test is {context.exercise.tested}.",
    )


def last_test_section(context: ReportContext) -> Html:
    """The last test, infant by infant."""
    kind = "Under pushes" if context.findings.primary.pushed else "Without pushes"
    return section(
        "last_test",
        f"{kind}, after all practice",
        figure(
            last_test_picture(context).inline,
            f"Every point is one infant at its last test, {context.exercise.tested}; thin lines "
            "join the same infant in the different arms, thick strokes are means.",
        ),
    )


def assistance_section(context: ReportContext) -> Html:
    """Assistance by the hands, so that an effect of strength is not taken for one of position."""
    found = context.findings
    return section(
        "assistance",
        "What the hands gave during practice",
        paragraph(
            "Hands at different places also help by different amounts. A difference between arms "
            "can come from where the hands were, or from how much they carried. The impulse counts "
            "force in every direction, the share of body weight only what carries: hands that "
            "steady an infant have the one without the other."
        ),
        *(_assistance_figure(context, group) for group in found.groups),
        table(
            ["Practice", "Impulse in all [kN·s]", "Mean share of body weight"],
            [_assistance_row(context, group, arm) for group in found.groups for arm in found.arms],
            "Means over infants",
        ),
    )


def _assistance_figure(context: ReportContext, group: Group) -> Html:
    return figure(
        assistance_picture(context, group).inline,
        "Impulse is force times time. Below zero the hands press down. Bold lines are means "
        "over infants, bands their 95 % t intervals.",
    )


def _assistance_row(context: ReportContext, group: Group, arm: str) -> list[str]:
    def own(curves: Sequence[LearningCurve]) -> list[LearningCurve]:
        return [curve for curve in curves if (curve.group, curve.arm) == (group, arm)]

    found = context.findings
    impulses_kn_s = [total_impulse_n_s(curve) / 1000 for curve in own(found.impulse_n_s_per_h)]
    shares = [dose_mean(curve) for curve in own(found.weight_share)]
    return [
        join((arm_label(context.titles, arm), context.about(group))),
        number(_mean(impulses_kn_s), 1),
        percent(_mean(shares)),
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
