"""Site told from amount of help: what was learnt in hands at each site, helped alike or not.

Drawn for studies with hands of one firmness each, at one site: over sites where hands of equal
firmness stand beside hands matched in help (``matched_in``), over firmness where a site has
several.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from dmi_sim.assessments.equal_help.result import HELP
from dmi_sim.render.plotting import Picture, canvas
from dmi_sim.render.series_style import SeriesStyle, series_styles
from dmi_sim.report.comparisons import Group
from dmi_sim.report.context import ReportContext, figure
from dmi_sim.report.markup import Html, paragraph, section, table
from dmi_sim.spec.arm import ArmSpec, HelpName
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.support import SITES
from dmi_sim.statistics.intervals import Estimate, within
from dmi_sim.tables import decimals_for, interval_text, number, with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_HANDS = "none"
_WIDTH, _HEIGHT = 9.6, 4.6
_DODGE = 0.09
_NEUTRAL = "#5f6b7a"


@dataclass(frozen=True)
class Line:
    """Arms that one line of the figure joins.

    Attributes:
        title: What they have in common.
        arms: Names of the arms, by place on the axis: a site, or a firmness.
    """

    title: str
    arms: Mapping[str, str]


def _held(study: StudySpec) -> dict[str, ArmSpec]:
    """Arms in which hands of one firmness hold at one site, by name."""
    return {
        name: arm
        for name, arm in study.arms.items()
        if isinstance(arm.support, str) and arm.support in SITES and arm.support != NO_HANDS
    }


def lines_over_sites(study: StudySpec) -> tuple[Line, ...]:
    """Arms of equal firmness, and those of equal help in each sense, by site from the head down.

    Args:
        study: The study; without ``matched_to`` it has no such lines.
    """
    if study.matched_to is None:
        return ()
    held, like = _held(study), study.arms[study.matched_to]
    equal = {
        name: arm
        for name, arm in held.items()
        if arm.matched_in is None and arm.support_strength == like.support_strength
    }
    lines = [Line("equal firmness", _by_site(equal))]
    for one in get_args(HelpName):
        matched = {name: arm for name, arm in held.items() if arm.matched_in == one}
        if matched:
            title = f"equal {HELP[one].title}"
            lines.append(Line(title, _by_site({study.matched_to: like, **matched})))
    return tuple(lines)


def _by_site(arms: Mapping[str, ArmSpec]) -> dict[str, str]:
    at = {str(arm.support): name for name, arm in arms.items()}
    return {site: at[site] for site in SITES if site in at}


def lines_over_firmness(study: StudySpec) -> tuple[Line, ...]:
    """Arms of one site by firmness, for each site at which there are several; softest first.

    Args:
        study: The study.
    """
    by_site: dict[str, dict[str, str]] = {}
    for name, arm in sorted(_held(study).items(), key=lambda one: one[1].support_strength):
        if arm.matched_in is None:
            by_site.setdefault(str(arm.support), {})[f"{arm.support_strength:g}"] = name
    return tuple(Line(site, by_site[site]) for site in SITES if len(by_site.get(site, ())) > 1)


def site_or_help_section(context: ReportContext) -> tuple[Html, ...]:
    """The figures, with their numbers; nothing for a study that cannot tell the two apart."""
    lines = (*lines_over_sites(context.study), *lines_over_firmness(context.study))
    if not lines:
        return ()
    return (
        section(
            "site_or_help",
            "The site, or the amount of help?",
            paragraph(
                "Hands at another site also help by another amount. Lines that join hands of equal "
                "help tell what the site does if the amount is the same; help was made equal for "
                "reflexes alone, before any practice (dmi-sim assess hands), and is equal in one "
                "sense at a time. What hands gave later stands in the table above. A site without "
                "a point cannot give so much help, or was not asked about."
            ),
            *(
                figure(
                    picture.inline, "Means over infants with their 95 % t intervals, uncorrected."
                )
                for picture in site_or_help_pictures(context)
            ),
            *(_table(context, group, lines) for group in context.findings.groups),
        ),
    )


def _table(context: ReportContext, group: Group, lines: Sequence[Line]) -> Html:
    means = _means(context, group)
    rows = [
        [line.title, place, f"{context.study.arms[arm].support_strength:g}", _text(means[arm])]
        for line in lines
        for place, arm in line.arms.items()
        if arm in means
    ]
    measured = with_unit(context.measure.title, context.measure.bracketed_unit)
    caption = f"{measured.capitalize()}, mean over infants [95 %]{context.about(group)}"
    return table(["Hands", "At", "Firmness", measured.capitalize()], rows, caption)


def _text(mean: Estimate) -> str:
    decimals = decimals_for(mean)
    shown = number(mean.value, decimals)
    return f"{shown} {interval_text(mean, decimals)}" if mean.known else shown


def _means(context: ReportContext, group: Group) -> dict[str, Estimate]:
    """The primary outcome of each arm, its interval within what is possible."""
    bounds = context.measure.bounds
    own = (one for one in context.findings.results if one.group == group)
    return {one.arm: within(one.mean, bounds) for one in own}


def site_or_help_pictures(context: ReportContext) -> Iterator[Picture]:
    """One picture over sites and one over firmness for each kind of infants, if there are lines."""
    kinds = {
        "learning_by_site": (lines_over_sites(context.study), "Hands at"),
        "learning_by_firmness": (lines_over_firmness(context.study), "Firmness of the hands"),
    }
    for name, (lines, label) in kinds.items():
        for number_of, group in enumerate(context.findings.groups if lines else ()):
            yield _picture(context, group, lines, label, f"{name}_{number_of}")


def _picture(
    context: ReportContext, group: Group, lines: Sequence[Line], label: str, name: str
) -> Picture:
    means, places = _means(context, group), _places(lines)
    styles = series_styles(line.title for line in lines)
    with canvas(_WIDTH, _HEIGHT) as (drawing, (axes,)):
        for arm, spec in context.study.arms.items():
            if spec.support == NO_HANDS and arm in means:
                axes.axhline(means[arm].value, color=_NEUTRAL, linestyle=":", label="no hands")
        for number_of, line in enumerate(lines):
            shift = _DODGE * (number_of - (len(lines) - 1) / 2)
            own = {place: means[arm] for place, arm in line.arms.items() if arm in means}
            at = [places.index(place) + shift for place in own]
            _draw(axes, at, list(own.values()), styles[line.title], line.title)
        axes.set_xticks(range(len(places)), [place.replace("_", " ") for place in places])
        axes.set_xlabel(label)
        measured = context.measure
        axes.set_ylabel(with_unit(measured.title.capitalize(), measured.bracketed_unit))
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        if about := context.about(group):
            axes.set_title(about.removeprefix(", "))
        axes.legend(loc="best")
        return Picture(name, f"{measured.title} by {label.lower()}", drawing)


def _places(lines: Sequence[Line]) -> list[str]:
    """All places of the lines: sites from the head down, or firmness from soft to firm."""
    found = dict.fromkeys(place for line in lines for place in line.arms)
    return sorted(found, key=lambda one: SITES.index(one) if one in SITES else float(one))


def _draw(
    axes: "Axes", at: Sequence[float], means: Sequence[Estimate], style: SeriesStyle, title: str
) -> None:
    values = [one.value for one in means]
    axes.plot(
        at, values, color=style.colour, linestyle=style.line, marker=style.marker, label=title
    )
    for x, one in zip(at, means, strict=True):
        if one.known:
            axes.plot([x, x], [one.low, one.high], color=style.colour, linewidth=1.4, alpha=0.7)
