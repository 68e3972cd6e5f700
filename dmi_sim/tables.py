"""Tables and numbers in text, as commands, assessments and reports print them.

Three kinds of table: :func:`columns` for a terminal, :func:`markdown` for a document, and
:func:`framed` where headings are long and rich may choose the widths.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from math import floor, isfinite, isnan, log10
from typing import TYPE_CHECKING

from dmi_sim.statistics.intervals import Estimate

if TYPE_CHECKING:
    from rich.table import Table

MINUS, UNKNOWN = "\u2212", "\u2013"
"""A true minus sign, and the dash that stands for an unknown number."""


def number(value: float, decimals: int) -> str:
    """A number with a true minus sign; a dash where it is not known.

    >>> number(1.26, 1), number(-0.01, 1)
    ('1.3', '0.0')
    """
    if not isfinite(value):
        return UNKNOWN
    text = f"{value:.{decimals}f}"
    return text.replace("-", MINUS) if _differs_from_zero(text) else text.lstrip("-")


def signed(value: float, decimals: int) -> str:
    """A difference, with its sign even if it is positive.

    >>> signed(0.5, 1), signed(0.001, 1)
    ('+0.5', '0.0')
    """
    text = number(value, decimals)
    return f"+{text}" if value > 0 and _differs_from_zero(text) else text


def _differs_from_zero(digits: str) -> bool:
    return any(digit in digits for digit in "123456789")


def percent(share: float) -> str:
    """A share in whole per cent; a little is never printed as none, nor nearly all as all.

    >>> percent(0.296), percent(0.002), percent(0.0), percent(0.999)
    ('30 %', '< 0.5 %', '0 %', '> 99.5 %')
    """
    if not isfinite(share):
        return UNKNOWN
    if 0 < abs(share) < 0.005:
        return "< 0.5 %" if share > 0 else f"> {MINUS}0.5 %"
    return "> 99.5 %" if 0.995 <= share < 1 else f"{number(100 * share, 0)} %"


def p_text(p_value: float) -> str:
    """A p value to three decimals, never 0.

    >>> p_text(0.0456), p_text(0.0)
    ('0.046', '< 0.001')
    """
    if not isfinite(p_value):
        return UNKNOWN
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def with_unit(text: str, unit: str) -> str:
    """A number and its unit, if it has one."""
    return f"{text} {unit}" if unit else text


def decimals_for(estimate: Estimate) -> int:
    """The decimals that a value and its interval need: one from 1 to 100, at most six.

    A limit that is not zero is printed as zero only if it is less than a thousandth of its unit and
    far smaller than the rest; else it would contradict a verdict.

    >>> decimals_for(Estimate(12.0, 8.0, 16.0)), decimals_for(Estimate(0.5, 0.02, 1.0))
    (1, 2)
    >>> decimals_for(Estimate(0.0002, 0.0001, 0.0003))
    5
    """
    known = [abs(x) for x in (estimate.value, estimate.low, estimate.high) if isfinite(x)]
    largest = max(known, default=0.0)
    if largest == 0:
        return 1
    needed = 0 if largest >= 100 else max(1, 1 - floor(log10(largest)))
    limits = [abs(x) for x in (estimate.low, estimate.high) if isfinite(x) and x != 0]
    while needed < 3 and any(round(limit, needed) == 0 for limit in limits):
        needed += 1
    return min(6, needed)


def interval_text(estimate: Estimate, decimals: int) -> str:
    """``[low, high]``, or that there is none.

    >>> interval_text(Estimate(1.2, 0.3, 2.1), 1)
    '[0.3, 2.1]'
    """
    if not estimate.known:
        return "[no interval]"
    return f"[{number(estimate.low, decimals)}, {number(estimate.high, decimals)}]"


def effect_text(estimate: Estimate, unit: str) -> str:
    """A difference with its interval; a dash if there is none.

    >>> effect_text(Estimate(1.2, 0.3, 2.1), "s")
    '+1.2 s [0.3, 2.1]'
    """
    if isnan(estimate.value):
        return UNKNOWN
    decimals = decimals_for(estimate)
    value = with_unit(signed(estimate.value, decimals), unit)
    return f"{value} {interval_text(estimate, decimals)}"


def plain_words(name: str) -> str:
    """The name of a file, such as an exercise or a support site, as words.

    >>> plain_words("shoulder_girdle"), plain_words("none")
    ('shoulder girdle', 'no hands')
    """
    return "no hands" if name == "none" else name.replace("_", " ")


def columns(layout: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as aligned lines of text.

    A cell that is wider than its column pushes the rest of its line to the right.

    Args:
        layout: Alignment and width of each column, ``<`` left or ``>`` right, and what stands
            between them.
        rows: Cells, as many as the layout has columns.

    >>> list(columns("<6 >5", [("site", "N m"), ("pelvis", "9.5")]))
    ['site     N m', 'pelvis   9.5']
    """
    template = re.sub(r"[<>]\d+", r"{:\g<0>}", layout)
    for cells in rows:
        yield template.format(*cells).rstrip()


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table in Markdown, its columns aligned.

    >>> for line in markdown(("Site", "Score"), [("pelvis", "3")]):
    ...     print(line)
    | Site   | Score |
    | ------ | ----- |
    | pelvis | 3     |
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    layout = f"| {' | '.join(f'<{width}' for width in widths)} |"
    yield from columns(layout, [head, ["-" * width for width in widths], *rows])


def framed(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "", first_width: int = 0
) -> "Table":
    """A table of rich; with a title it has a full frame and numbers, which go to the right.

    Args:
        head: Headings, which may have several lines.
        rows: Cells.
        title: Heading of a table of numbers; none for a table of words.
        first_width: Least width of the first column, which names the rows.
    """
    from rich import box
    from rich.table import Table

    frame = box.HEAVY_HEAD if title else box.SIMPLE_HEAD
    table = Table(title=title or None, title_justify="left", box=frame)
    table.add_column(head[0], no_wrap=True, min_width=first_width)
    for name in head[1:]:
        table.add_column(name, justify="right" if title else "left")
    for cells in rows:
        table.add_row(*cells)
    return table


def page(width: int, *blocks: "Table | str") -> str:
    """Tables of rich and lines of text below each other, as plain text of a width."""
    from rich.console import Console

    text = StringIO()
    console = Console(file=text, width=width, highlight=False)
    for block in blocks:
        console.print(block)
    return text.getvalue().rstrip()
