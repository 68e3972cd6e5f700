"""Matplotlib figures: the same bytes each time, readable on a light or a dark page."""

import io
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dmi_sim.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg", ".pdf")
"""Endings of the files that a figure can be written into."""

INK = "#1b2a3c"
"""Colour of text and axes; replaced by the colour of the text around the figure."""

_STYLE: dict[str, object] = {
    "svg.hashsalt": "dmi_sim",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#8a93a1",
    "grid.alpha": 0.28,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}


def require_format(path: Path, option: str = "figure") -> None:
    """Check that a figure can be written into a file, before any work.

    Args:
        path: File of the figure.
        option: Name of the option that asks for it, for the message.

    Raises:
        InputError: If the ending is none of :data:`FORMATS`, or the folder does not exist.
    """
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"{option}: {path.name} must end in one of {', '.join(FORMATS)}")
    if not path.parent.is_dir():
        raise InputError(f"{option}: no folder {path.parent}")


@contextmanager
def _style() -> Generator[None]:
    """The style of reports, without a trace afterwards; it holds for drawing and for writing."""
    from matplotlib import rc_context

    with rc_context(_STYLE):  # pyright: ignore[reportArgumentType] - keys are checked at run time
        yield


@contextmanager
def canvas(
    width: float,
    height: float,
    columns: int = 1,
    rows: int = 1,
    row_heights: Sequence[float] | None = None,
) -> "Generator[tuple[Figure, list[Axes]]]":
    """A figure with axes, row by row, in the style of reports; no window, no global state.

    Args:
        width: Width of the figure [inch at 72 px].
        height: Height of the figure [inch at 72 px].
        columns: Number of axes side by side.
        rows: Number of such rows.
        row_heights: Heights of the rows beside each other, which then share their x axis; all alike
            by default.
    """
    from matplotlib.figure import Figure

    with _style():
        figure = Figure(figsize=(width, height))
        share = "col" if row_heights else "none"
        axes = figure.subplots(
            rows, columns, squeeze=False, sharex=share, height_ratios=row_heights
        )
        yield figure, list(axes.flat)


@dataclass(frozen=True)
class Picture:
    """A drawn figure, for a page and for files.

    Attributes:
        name: Short name, unique on a page; that of its files.
        meaning: Description of the figure, for those who cannot see it.
        figure: The figure.
    """

    name: str
    meaning: str
    figure: "Figure"

    @property
    def inline(self) -> str:
        """One ``<svg>`` element for use inside a page, see :func:`svg_text`."""
        with _style():
            return svg_text(self.figure, self.name, self.meaning)

    def file_bytes(self, ending: str) -> bytes:
        """The content of a file on white; the same figure gives the same bytes.

        Args:
            ending: ``svg`` or ``pdf``.
        """
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None, "ModDate": None}}
        buffer = io.BytesIO()
        with _style():
            self.figure.patch.set_alpha(1.0)
            self.figure.savefig(buffer, format=ending, facecolor="white", metadata=metadata[ending])
        return buffer.getvalue()


def svg_text(figure: "Figure", name: str, meaning: str) -> str:
    """The figure as one ``<svg>`` element for use inside a page.

    Args:
        figure: Figure to be written.
        name: Short name, unique on a page, so that ids are unique too.
        meaning: Description of the figure, for those who cannot see it.
    """
    from html import escape

    buffer = io.StringIO()
    figure.patch.set_alpha(0.0)
    for axes in figure.axes:
        axes.patch.set_alpha(0.0)
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = _numbered_clips(text)
    # A style inside an inline SVG would apply to the whole page, so the root element has it.
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", text, flags=re.DOTALL)
    text = re.sub(r' xmlns(:\w+)?="[^"]*"', "", text).replace("xlink:href", "href")
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", text)
    text = text.replace(INK, "currentColor")
    label = (
        f'<svg role="img" aria-label="{escape(meaning, quote=True)}" '
        'stroke-linejoin="round" stroke-linecap="butt"'
    )
    return text.strip().replace("<svg", label, 1)


def _numbered_clips(text: str) -> str:
    """The picture with its clip paths named by number.

    Matplotlib names them after their corners, whose last digits a layout does not always repeat.
    """
    names = dict.fromkeys(re.findall(r'<clipPath id="(\w+)"', text))
    numbers = {name: f"clip{number}" for number, name in enumerate(names)}
    return re.sub(r"\bp[0-9a-f]{10}\b", lambda found: numbers.get(found[0], found[0]), text)
