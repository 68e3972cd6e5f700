"""The figure of a segmental assessment: an infant's trunk and the verdicts at each level."""

from pathlib import Path
from typing import TYPE_CHECKING

from dmi_sim.assessments.trunk_control.result import (
    CONTROLS,
    NOTICE,
    Control,
    ControlFinding,
    LevelFinding,
    SegmentalFinding,
    Verdict,
)
from dmi_sim.render.plotting import canvas, require_format

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT, _DPI = 11.0, 7.4, 120
_SKIN, _SHIRT, _HANDS, _GREY = "#e8c4a6", "#9cc3dc", "#d55e00", "#5f6b7a"
_COLOUR: dict[Verdict, str] = {"present": "#009e73", "absent": "#d55e00", "not tested": "#c9ced6"}
_SIGN: dict[Verdict, str] = {"present": "✓", "absent": "✗", "not tested": "·"}
_MEANING: dict[Control, str] = {
    "static": "sits still,\nupright",
    "active": "stays upright\nwhile turning its head",
    "reactive": "stays upright\nafter a push",
}
_HEIGHT_OF: dict[str | None, float] = {
    "shoulder_girdle": 0.74,
    "axillae": 0.65,
    None: 0.555,
    "lower_ribs": 0.46,
    "waist": 0.37,
    "pelvis": 0.27,
    "none": 0.14,
}
"""Height of the hands in the drawing, from the floor (0) to the crown (1), by site."""
_COLUMN: dict[Control, float] = {"static": 0.62, "active": 0.76, "reactive": 0.90}


def draw_segmental(found: SegmentalFinding, who: str, path: Path) -> None:
    """Draw levels as rows beside a sitting infant, kinds of control as columns.

    Args:
        found: Finding of the assessment.
        who: Controller and infant, in words.
        path: File that the figure is written into.

    Raises:
        InputError: If the file format cannot hold a figure.
    """
    require_format(path)
    with canvas(_WIDTH, _HEIGHT) as (figure, (axes,)):
        axes.set(xlim=(-0.03, 1), ylim=(0, 1))
        axes.set_axis_off()
        axes.set_title(f"What can this infant hold upright above the hands?\n{who}")
        _draw_infant(axes)
        rows = _row_heights(len(found.levels))
        for control, x in _COLUMN.items():
            axes.text(x, 0.955, control, ha="center", weight="bold", fontsize=13)
            axes.text(x, 0.94, _MEANING[control], ha="center", va="top", fontsize=9, color=_GREY)
        for one, y in zip(found.levels, rows, strict=True):
            _draw_level(axes, one, y)
        _draw_learning(axes, found, dict(zip(_indices(found), rows, strict=True)))
        figure.supxlabel(_caption(), fontsize=9)
        figure.savefig(path, dpi=_DPI)


def _caption() -> str:
    return (
        "Read from the head down. Each test stands alone; present: most trials passed. "
        f"Frame: the first level where control is absent.\n{NOTICE}"
    )


def _indices(found: SegmentalFinding) -> list[int]:
    return [one.level.index for one in found.levels]


def _row_heights(count: int) -> list[float]:
    """The heights of the rows in the drawing [0..1], from the head down."""
    return [0.80 - 0.72 * row / max(1, count - 1) for row in range(count)]


def _draw_infant(axes: "Axes") -> None:
    """Draw a sitting infant from the front: legs, arms, trunk, head."""
    from matplotlib.patches import Ellipse, FancyBboxPatch, Polygon

    for side in (-1, 1):
        leg = Ellipse((0.14 + side * 0.075, 0.14), 0.13, 0.09, angle=side * -12, color=_SKIN)
        arm = Ellipse((0.14 + side * 0.075, 0.56), 0.034, 0.25, angle=side * 14, color=_SKIN)
        axes.add_patch(leg)
        axes.add_patch(arm)
    corners = [(0.085, 0.20), (0.195, 0.20), (0.19, 0.40), (0.205, 0.70), (0.14, 0.75)]
    axes.add_patch(
        Polygon([*corners, (0.075, 0.70), (0.09, 0.40)], color=_SHIRT, joinstyle="round")
    )
    axes.add_patch(FancyBboxPatch((0.09, 0.155), 0.10, 0.07, "round,pad=0.015", color=_SHIRT))
    axes.add_patch(Ellipse((0.14, 0.86), 0.135, 0.22, color=_SKIN))
    axes.plot([0.12, 0.16], [0.87, 0.87], "o", color="#1b2a3c", markersize=4)


def _draw_level(axes: "Axes", one: LevelFinding, y: float) -> None:
    level = one.level
    at = _HEIGHT_OF.get(level.site, y)
    is_held = level.site not in (None, "none")
    colour = _HANDS if is_held else _GREY
    axes.plot([0.24, 0.285, 0.31], [at, y, y], color=colour, linewidth=1, alpha=0.6)
    if is_held:
        axes.plot([0.06, 0.22], [at, at], "o", color=_HANDS, markersize=11, clip_on=False)
        axes.plot([0.06, 0.22], [at, at], color=_HANDS, linewidth=2, linestyle=(0, (2, 2)))
    axes.text(0.32, y + 0.018, f"{level.index}  {level.tested}", va="center", weight="bold")
    axes.text(0.345, y - 0.018, f"hands: {level.hands}", va="center", fontsize=9, color=_GREY)
    for control in CONTROLS:
        _draw_cell(axes, one.found[control], _COLUMN[control], y)


def _draw_cell(axes: "Axes", found: ControlFinding, x: float, y: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    verdict = found.verdict
    corner, pad = (x - 0.05, y - 0.026), "round,pad=0.006"
    colour = _COLOUR[verdict]
    axes.add_patch(FancyBboxPatch(corner, 0.10, 0.052, pad, color=colour, alpha=0.9))
    ink = _GREY if verdict == "not tested" else "white"
    size = 9 if verdict == "not tested" else 11
    words = f"{_SIGN[verdict]} {verdict}"
    axes.text(x, y, words, ha="center", va="center", color=ink, fontsize=size, weight="bold")


def _draw_learning(axes: "Axes", found: SegmentalFinding, rows: dict[int, float]) -> None:
    """Draw a frame around the first failure of each kind of control."""
    from matplotlib.patches import FancyBboxPatch

    for control, x in _COLUMN.items():
        level = found.learning_level(control)
        if level is not None:
            y = rows[level]
            corner, pad = (x - 0.056, y - 0.033), "round,pad=0.006"
            frame = FancyBboxPatch(
                corner, 0.112, 0.066, pad, fill=False, edgecolor="#1b2a3c", linewidth=2.2
            )
            axes.add_patch(frame)
