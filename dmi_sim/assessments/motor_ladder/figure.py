"""The staircase figure of the ladder score: one step per exercise, from lying to walking."""

from pathlib import Path
from typing import TYPE_CHECKING

from dmi_sim.assessments.motor_ladder.result import (
    DIMENSIONS,
    HIGHEST,
    NOTICE,
    ItemFinding,
    LadderFinding,
    SiteFinding,
    Total,
)
from dmi_sim.render.plotting import canvas, require_format
from dmi_sim.render.series_style import series_styles
from dmi_sim.tables import plain_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT, _DPI = 13.5, 7.0, 100
_GREY = "#5f6b7a"
_RISE = 1.0
_FLOOR = 2.4
"""Height of the first step, which leaves room for labels below it."""
_LEGEND = (
    "Dots: score without hands, 0 (does not begin) to 3 (completes). Squares: not tried without "
    "hands; score with the lowest hands, not in the totals.\nAt the foot: the lowest hands with "
    f"which the exercise is completed; a limp infant in these hands fails.\n{NOTICE}"
)


def draw_staircase(finding: LadderFinding, who: str, path: Path) -> None:
    """Draw a ladder score.

    Args:
        finding: Ladder score of one controller.
        who: Infant and controller, in words.
        path: File that the figure is written into.

    Raises:
        InputError: If the file format cannot hold a figure.
    """
    require_format(path)
    with canvas(_WIDTH, _HEIGHT) as (figure, panels):
        axes = panels[0]
        for step, item in enumerate(finding.items):
            _draw_step(axes, step, item)
        _label_axes(axes, finding)
        figure.suptitle(f"The ladder from lying to walking: {who}", x=0.01, ha="left")
        figure.supxlabel(_LEGEND, x=0.01, ha="left", fontsize=10)
        figure.savefig(path, dpi=_DPI)


def _draw_step(axes: "Axes", step: int, item: ItemFinding) -> None:
    colour, top = _colour(item), _FLOOR + _RISE * step
    axes.bar(step, top, width=1.0, color=colour, alpha=0.16)
    axes.plot((step - 0.5, step + 0.5), (top, top), color=colour, linewidth=5)
    axes.text(step, top + 0.25, _wrapped(plain_words(item.exercise)), ha="center", va="bottom")
    _draw_score(axes, step, item)
    lowest = _wrapped(plain_words(item.lowest)) if item.lowest else "never"
    axes.text(step, 0.15, lowest, ha="center", va="bottom", color="k" if item.lowest else _GREY)


def _draw_score(axes: "Axes", step: int, item: ItemFinding) -> None:
    """Draw three markers under the top of a step, as many of them filled as the score."""
    shown = _shown(item)
    height = _FLOOR + _RISE * step - 0.5
    if shown is None or shown.score is None:
        axes.text(step, height, "hands" if shown else "-", ha="center", va="center", color=_GREY)
        return
    for number in range(HIGHEST):
        is_filled = number < shown.score
        axes.plot(
            step + 0.24 * (number - 1),
            height,
            marker="o" if shown.site == "none" else "s",
            markersize=10,
            color=_colour(item),
            markerfacecolor=_colour(item) if is_filled else "white",
            markeredgewidth=1.5,
        )


def _shown(item: ItemFinding) -> SiteFinding | None:
    """The finding with the lowest hands that were tried; without hands if that was tried."""
    return item.sites[-1] if item.sites else None


def _colour(item: ItemFinding) -> str:
    return series_styles(DIMENSIONS)[item.dimension].colour


def _wrapped(words: str) -> str:
    """The same words on several lines; short words share a line."""
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + len(word) < 8:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _label_axes(axes: "Axes", finding: LadderFinding) -> None:
    count = len(finding.items)
    axes.set_xlim(-0.6, max(count, 1) - 0.4)
    axes.set_ylim(0, _FLOOR + _RISE * count + 1.2)
    axes.set_xticks(range(count), [f"{one.typical_age_months:g}" for one in finding.items])
    axes.set_xlabel("Typical age of the exercise [months]")
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    for name in DIMENSIONS:
        label = f"{plain_words(name)}: {_sum(finding.total(name))}"
        axes.bar(0, 0, color=series_styles(DIMENSIONS)[name].colour, label=label)
    axes.legend(loc="upper left", title=f"Without hands: {_sum(finding.total())}", alignment="left")


def _sum(total: Total) -> str:
    if not total.maximum:
        return "not scored"
    return f"{total.score} of {total.maximum} ({total.percent:.0f} %)"
