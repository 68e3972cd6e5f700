"""Ages of milestones as survival curves: children who never reach one are censored, not dropped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isfinite, nan
from typing import TYPE_CHECKING

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import MILESTONES
from dmi_sim.child.course import Course
from dmi_sim.child.outcomes import age_at_milestone_months
from dmi_sim.render.plotting import Picture, canvas
from dmi_sim.render.series_style import series_styles
from dmi_sim.spec.milestones import MilestoneSpec, MilestonesSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _PANEL = 9.6, 2.5
_WINDOW = "#8a93a1"
_COLUMNS = 2


@dataclass(frozen=True)
class MilestoneCurve:
    """Ages at which the children of an arm reach a milestone.

    Attributes:
        arm: Name of the arm.
        from_months: Age at the first assessment, from which on children are watched [months].
        ages_months: Ages at which one child or more reached it, or was seen for the last time
            without it, rising [months], shape (k,).
        share: Share of the children who have reached it by each of these ages (Kaplan-Meier), shape
            (k,).
        children: Number of children.
        at_start: Number of them who had it at the first assessment already.
        censored: Number of them who never reached it; they count until they were last seen.
    """

    arm: str
    from_months: float
    ages_months: Vector
    share: Vector
    children: int
    at_start: int
    censored: int

    @property
    def reached(self) -> int:
        """Number of children who reached it."""
        return self.children - self.censored

    @property
    def median_months(self) -> float:
        """Age by which half of the children have reached it [months]; NaN if half never did."""
        half = self.ages_months[self.share >= 0.5]
        return float(half[0]) if len(half) else nan


@dataclass(frozen=True)
class MilestoneCurves:
    """One milestone in all arms.

    Attributes:
        milestone: Name of the milestone.
        curves: One for each arm, in planned order.
    """

    milestone: str
    curves: tuple[MilestoneCurve, ...]


def milestone_curves(courses: Sequence[Course]) -> tuple[MilestoneCurves, ...]:
    """Ages of all milestones that exercises come near to, by arm.

    An age is that of the first assessment at which the milestone was there: the true one lies
    between it and the assessment before.

    Args:
        courses: Courses of children.
    """
    arms = tuple(dict.fromkeys(one.arm for one in courses))
    return tuple(
        MilestoneCurves(
            milestone,
            tuple(
                milestone_curve([one for one in courses if one.arm == arm], milestone)
                for arm in arms
            ),
        )
        for milestone in courses[0].assessments[0].milestones
    )


def milestone_curve(courses: Sequence[Course], milestone: str) -> MilestoneCurve:
    """Ages at which the children of one arm reach a milestone.

    Args:
        courses: Courses of the children of the arm, at least one.
        milestone: Name of a milestone that an exercise comes near to.

    Source:
        Kaplan and Meier (1958), J. Am. Stat. Assoc. 53, 457-481; ``kaplan1958``; the estimate is
        scipy's.
    """
    from scipy import stats

    found = [(one, age_at_milestone_months(one, milestone)) for one in courses]
    reached = [age for _, age in found if age is not None]
    last_seen = [one.assessments[-1].age_months for one, age in found if age is None]
    share = stats.ecdf(stats.CensoredData(uncensored=reached, right=last_seen)).cdf
    return MilestoneCurve(
        arm=courses[0].arm,
        from_months=min(one.assessments[0].age_months for one in courses),
        ages_months=np.asarray(share.quantiles),
        share=np.asarray(share.probabilities),
        children=len(found),
        at_start=sum(one.assessments[0].milestones[milestone] for one in courses),
        censored=len(last_seen),
    )


def who_windows(catalog: Catalog) -> Mapping[str, MilestoneSpec]:
    """WHO's milestones by name.

    Args:
        catalog: Catalog with the milestones.
    """
    return catalog.load(MilestonesSpec, MILESTONES).milestones


def milestones_picture(
    milestones: Sequence[MilestoneCurves], titles: Mapping[str, str], catalog: Catalog
) -> Picture:
    """The share of children who have reached each milestone, over age, beside WHO's windows.

    Args:
        milestones: All milestones.
        titles: Titles of the arms, by name, in planned order.
        catalog: Catalog with the milestones.
    """
    windows = who_windows(catalog)
    rows = ceil(len(milestones) / _COLUMNS)
    low, high = _ages(milestones, windows)
    with canvas(_WIDTH, _PANEL * rows + 0.6, _COLUMNS, rows) as (figure, panels):
        for unused in panels[len(milestones) :]:
            unused.remove()
        for axes, one in zip(panels, milestones, strict=False):
            _draw(axes, one, titles, windows[one.milestone])
            axes.set_xlim(low, high)
        for axes in panels[: len(milestones)][-_COLUMNS:]:
            axes.set_xlabel("Age [months]")
        handles, labels = panels[0].get_legend_handles_labels()
        columns = 2 if max(map(len, labels)) < 52 else 1
        figure.legend(handles, labels, loc="outside upper left", ncols=columns, handlelength=3.0)
        return Picture(
            "milestones", "Share of children who have reached each milestone, over age", figure
        )


def _ages(
    milestones: Sequence[MilestoneCurves], windows: Mapping[str, MilestoneSpec]
) -> tuple[float, float]:
    seen = [float(age) for one in milestones for arm in one.curves for age in arm.ages_months]
    around = [
        age.value
        for one in milestones
        for age in (windows[one.milestone].p1, windows[one.milestone].p99)
    ]
    return min([*seen, *around]) - 0.3, max([*seen, *around]) + 0.3


def _draw(
    axes: "Axes", one: MilestoneCurves, titles: Mapping[str, str], window: MilestoneSpec
) -> None:
    axes.axvspan(
        window.p1.value,
        window.p99.value,
        color=_WINDOW,
        alpha=0.22,
        linewidth=0,
        label="WHO: from 1 to 99 of 100 healthy infants; line: mean",
    )
    axes.axvline(window.mean.value, color=_WINDOW, linewidth=1.6)
    for arm, style in series_styles(titles).items():
        for curve in one.curves:
            if curve.arm == arm:
                ages, share = _steps(curve)
                axes.step(
                    ages,
                    100 * share,
                    where="post",
                    color=style.colour,
                    linestyle=style.line,
                    linewidth=2.4,
                    label=titles[arm],
                )
                if curve.censored:
                    axes.plot(ages[-1], 100 * share[-1], "|", color=style.colour, markersize=11)
    axes.set_ylim(-4, 104)
    axes.set_yticks([0, 50, 100])
    axes.set_ylabel("[%]")
    axes.set_title(one.milestone.replace("_", " ").capitalize(), fontsize=11)


def _steps(curve: MilestoneCurve) -> tuple[Vector, Vector]:
    """The curve from zero at the first assessment on."""
    return np.append(curve.from_months, curve.ages_months), np.append(0.0, curve.share)


def milestone_rows(milestones: Sequence[MilestoneCurves], catalog: Catalog) -> Iterator[list[str]]:
    """A row of a table for each milestone: WHO's ages, and each arm.

    Args:
        milestones: All milestones.
        catalog: Catalog with the milestones.
    """
    for one in milestones:
        window = who_windows(catalog)[one.milestone]
        low, middle, high = (age.value for age in (window.p1, window.mean, window.p99))
        yield [
            one.milestone.replace("_", " ").capitalize(),
            *map(curve_words, one.curves),
            f"{middle:.1f} ({low:.1f} to {high:.1f})",
        ]


def curve_words(curve: MilestoneCurve) -> str:
    """How many children reached a milestone, how many never did, and the age of half of them.

    Args:
        curve: The milestone in one arm.
    """
    reached = f"{curve.reached} of {curve.children}"
    begun = f", {curve.at_start} of them at the beginning" if curve.at_start else ""
    never = f"; {curve.censored} never" if curve.censored else ""
    half = (
        f"half by {curve.median_months:.1f}"
        if isfinite(curve.median_months)
        else f"half not by {float(curve.ages_months[-1]):.1f}"
    )
    return f"{reached}{begun}{never}; {half}"
