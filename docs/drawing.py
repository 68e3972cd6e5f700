"""What the pictures of the concept pages share: a file, an infant, words with lines, boxes."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch, Polygon
from numpy.typing import NDArray

from dmi_sim.infant import Infant
from dmi_sim.render.colours import COLOURS
from dmi_sim.render.plotting import canvas
from dmi_sim.render.shapes import Shape, visual_shapes

PICTURES = Path(__file__).parent / "pictures"
INK, PALE, BLUE, ORANGE, GREEN = "#1b2a3c", "#e6e9ee", "#0072b2", "#d55e00", "#00796b"
Points = NDArray[np.float64]


@contextmanager
def picture(
    name: str, width: float, height: float, columns: int = 1
) -> Generator[tuple[Figure, list[Axes]]]:
    """A figure with axes side by side, which becomes ``docs/pictures/<name>.png``."""
    with canvas(width, height, columns) as (figure, axes):
        yield figure, axes
        figure.savefig(
            PICTURES / f"{name}.png",
            dpi=110,
            facecolor="white",
            bbox_inches="tight",
            pad_inches=0.1,
        )


# An infant in the anatomical position, seen from the front: every segment frame stands upright, so
# a solid is drawn by leaving out its first component, which points forward.


def origins(infant: Infant) -> dict[str, Points]:
    """Origins of all segments over the soles [m], by name."""
    found: dict[str, Points] = {"": np.zeros(3)}
    for segment in infant.ordered_segments:
        found[segment.node.name] = found[segment.node.parent] + np.array(segment.joint_m)
    sole = found["left_foot"][2] - infant.lengths.ankle_height
    return {name: point - (0.0, 0.0, sole) for name, point in found.items() if name}


def draw_infant(axes: Axes, infant: Infant, left_m: float = 0.0) -> None:
    """An infant that stands straight, moved to one side."""
    places = origins(infant)

    def forward_m(shape: Shape) -> float:
        return float(places[shape.segment][0]) + max(shape.start_m[0], shape.end_m[0])

    for shape in sorted(visual_shapes(infant), key=forward_m):
        _draw_solid(axes, shape, places[shape.segment] + (0.0, left_m, 0.0))
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.autoscale_view()


def _draw_solid(axes: Axes, shape: Shape, origin: Points) -> None:
    start, end = ((origin + np.array(point))[1:] for point in (shape.start_m, shape.end_m))
    _, half_width, half_height = shape.size_m
    if shape.kind == "ellipsoid":
        centre = (float(start[0]), float(start[1]))
        patch: Ellipse | Polygon = Ellipse(centre, 2 * half_width, 2 * half_height)
    else:
        patch = Polygon(_outline(start, end, half_width))
    patch.set(facecolor=COLOURS[shape.colour], edgecolor=INK, linewidth=0.7)
    axes.add_patch(patch)


def _outline(start: Points, end: Points, radius: float) -> Points:
    """A capsule seen from the side: two half circles and what joins them, shape (n, 2)."""
    way = end - start
    turn = np.arctan2(way[1], way[0]) + np.linspace(-np.pi / 2, np.pi / 2, 30)
    half = radius * np.column_stack([np.cos(turn), np.sin(turn)])
    return np.concatenate([end + half, start - half])


def name_points(axes: Axes, named: Sequence[tuple[str, Points]]) -> None:
    """Words in a column on the right, in the order of height, with lines to their points."""
    ordered = sorted(named, key=lambda one: -one[1][1])
    heights = np.linspace(ordered[0][1][1], ordered[-1][1][1], len(ordered))
    edge = max(float(point[0]) for _, point in ordered) + 0.13
    for (word, point), height in zip(ordered, heights, strict=True):
        axes.annotate(
            word, (point[0], point[1]), (edge, height), ha="left", va="center", fontsize=9.5,
            arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.6, "shrinkA": 2, "shrinkB": 0},
        )  # fmt: skip
    axes.set_xlim(-0.22, edge + 0.17)


# Diagrams

Box = tuple[float, float, str]


def draw_boxes(axes: Axes, boxes: Iterable[Box], width: float, height: float) -> None:
    """Boxes of one size with words in them, each at the place of its middle."""
    for x, y, text in boxes:
        corner = (x - width / 2, y - height / 2)
        shape = FancyBboxPatch(corner, width, height, boxstyle="round,pad=0.02")
        shape.set(facecolor="white", edgecolor=INK, linewidth=1.2)
        axes.add_patch(shape)
        axes.text(x, y, text, ha="center", va="center", fontsize=10)
    axes.set_axis_off()


def draw_arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], text: str = ""
) -> None:
    """An arrow with a word above its middle."""
    arrow = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=14)
    arrow.set(color=INK, linewidth=1.2)
    axes.add_patch(arrow)
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    axes.text(x, y + 0.07, text, ha="center", va="bottom", fontsize=9, color=GREEN)
