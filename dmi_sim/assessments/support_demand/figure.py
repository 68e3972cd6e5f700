"""The figure of the demand of a posture, over support sites and ages."""

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from dmi_sim.assessments.support_demand.result import NOTICE, Demand
from dmi_sim.render.plotting import canvas, require_format
from dmi_sim.render.series_style import series_styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT, _DPI = 13.0, 5.6, 120
_GREY = "#5f6b7a"
_CAPTION = (
    "Read downwards: the lower the hands, the more of the body is the infant's own to hold; a "
    f"taller body also topples more slowly. {NOTICE}"
)


def draw_demands(
    by_age: Mapping[float, Sequence[Demand]], titles: Mapping[str, str], who: str, path: Path
) -> None:
    """Draw toppling, time to respond and strength used over support sites, one line per age.

    Args:
        by_age: Demands at the same sites, from the head down, by age [months].
        titles: Title of each site.
        who: Sex and condition, in words.
        path: File that the figure is written into.

    Raises:
        InputError: If the file format cannot hold a figure.
    """
    require_format(path)
    first = next(iter(by_age.values()))
    sites = distinct_sites(first)
    with canvas(_WIDTH, _HEIGHT, 3) as (figure, panels):
        for age, style in zip(by_age, series_styles(map(str, by_age)).values(), strict=True):
            for axes, values in zip(panels, _columns(by_age[age], sites), strict=True):
                axes.plot(
                    values,
                    range(len(sites)),
                    color=style.colour,
                    marker=style.marker,
                    linestyle=style.line,
                    label="newborn" if age == 0 else f"{age:g} months",
                )
        _label_axes(panels, _labels(first, sites, titles), first[0].lean_deg)
        posture = first[0].posture.replace("_", " ")
        title = f"What lowering the hands asks of an infant: {posture} ({who})"
        figure.suptitle(title, x=0.01, ha="left")
        figure.supxlabel(_CAPTION, fontsize=10)
        figure.savefig(path, dpi=_DPI)


def distinct_sites(demands: Sequence[Demand]) -> tuple[str, ...]:
    """The sites from the head down, without those whose demand equals that without hands."""
    bare = {one.support: (one.toppling_nm_per_rad, one.upright, one.leaning) for one in demands}
    return tuple(site for site in bare if site == "none" or bare[site] != bare.get("none"))


def _labels(
    demands: Sequence[Demand], sites: Sequence[str], titles: Mapping[str, str]
) -> list[str]:
    """The titles of the sites; the last one also names the sites left out as equal to it."""
    same = [one.support for one in demands if one.support not in sites]
    labels = [titles[site] for site in sites]
    if same:
        labels[-1] += f"\n(or {', '.join(same)})"
    return labels


def _columns(demands: Sequence[Demand], sites: Sequence[str]) -> tuple[list[float], ...]:
    """Toppling [N m/rad], delay limit [ms] and strength used [%] at each site."""
    chosen = [one for one in demands if one.support in sites]
    return (
        [one.toppling_nm_per_rad for one in chosen],
        [1000 * one.delay_limit_s for one in chosen],
        [_percent(one.leaning.share_of_strength) for one in chosen],
    )


def _percent(share: float) -> float:
    return 100 * share if isfinite(share) else float("nan")


def _label_axes(panels: Sequence["Axes"], labels: list[str], lean_deg: float) -> None:
    words = (
        ("How hard gravity pulls it over", "Toppling stiffness [N m per rad]"),
        ("How soon it must respond", "Longest delay that still balances [ms]"),
        ("How much of its strength it needs", f"Least strength to hold a {lean_deg:g}° lean [%]"),
    )
    for axes, (title, label) in zip(panels, words, strict=True):
        axes.set_title(title)
        axes.set_xlabel(label)
        axes.set_ylim(len(labels) - 0.6, -0.6)
        axes.set_xlim(left=0)
        axes.set_yticks(range(len(labels)), labels if axes is panels[0] else [""] * len(labels))
        axes.tick_params(axis="y", length=0)
    panels[0].legend(loc="upper right")
    panels[2].set_xlim(right=max(110.0, panels[2].get_xlim()[1]))
    panels[2].axvline(100, color=_GREY, linewidth=1.4)
    panels[2].annotate(
        "beyond its strength",
        (100, -0.45),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        color=_GREY,
    )
