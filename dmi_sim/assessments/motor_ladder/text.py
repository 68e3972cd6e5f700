"""The ladder score in words and numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from dmi_sim.assessments.motor_ladder.result import (
    DIMENSIONS,
    NOTICE,
    WORDS,
    LadderFinding,
    SiteFinding,
    Total,
)

_RULE = (
    "Scores: "
    + ", ".join(f"{score} {words}" for score, words in WORDS.items())
    + "; of what a relaxed infant in the same hands leaves to be done. "
    "`hands`: the relaxed infant completes it too. Totals add up the scores without hands."
)


def ladder_lines(finding: LadderFinding) -> Iterator[str]:
    """The finding as Markdown, which reads well as plain text too: items, totals, rule, notice."""
    yield from markdown(
        ("Exercise", "Typical age [months]", "No hands", "Held, from proximal to distal", "Lowest"),
        [
            (
                plain(item.exercise),
                f"{item.typical_age_months:g}",
                _unsupported(item.sites),
                ", ".join(_held(one) for one in item.sites if one.site != "none"),
                plain(item.lowest or "never"),
            )
            for item in finding.items
        ],
    )
    yield ""
    yield from markdown(
        ("Without hands", "Score", "Of", "Per cent"),
        [
            *(_total(plain(name), finding.total(name)) for name in DIMENSIONS),
            _total("all", finding.total()),
        ],
    )
    yield from ("", _RULE, NOTICE)


def ladder_data(finding: LadderFinding) -> dict[str, Any]:
    """The finding for a program, with its derived values."""
    return {
        "notice": NOTICE,
        "words": WORDS,
        "items": [
            {
                **asdict(item),
                "sites": [{**asdict(one), "own_share": one.share} for one in item.sites],
                "unsupported": item.unsupported,
                "lowest": item.lowest,
            }
            for item in finding.items
        ],
        "totals": {name: _total_data(finding.total(name)) for name in DIMENSIONS},
        "total": _total_data(finding.total()),
    }


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table in Markdown, its columns aligned."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = (f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    yield line(head)
    yield line(["-" * width for width in widths])
    yield from map(line, rows)


def plain(name: str) -> str:
    """A name of a file as words; no hands for ``none``."""
    return "no hands" if name == "none" else name.replace("_", " ")


def _unsupported(sites: Sequence[SiteFinding]) -> str:
    """Score without hands; a dash where the exercise was not tried so."""
    return next((_score(one) for one in sites if one.site == "none"), "-")


def _held(one: SiteFinding) -> str:
    return f"{plain(one.site)} {_score(one)}"


def _score(one: SiteFinding) -> str:
    return "hands" if one.score is None else str(one.score)


def _total(name: str, total: Total) -> tuple[str, str, str, str]:
    percent = f"{total.percent:.0f}" if total.maximum else "-"
    return name, str(total.score), str(total.maximum), percent


def _total_data(total: Total) -> dict[str, float]:
    return {**asdict(total), "percent": total.percent}
