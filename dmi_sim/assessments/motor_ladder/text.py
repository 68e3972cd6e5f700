"""The ladder score in words and numbers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from dmi_sim.assessments.motor_ladder.result import (
    DIMENSIONS,
    NOTICE,
    SCORE_WORDS,
    LadderFinding,
    SiteFinding,
    Total,
)
from dmi_sim.tables import markdown, plain_words

_RULE = (
    "Scores: "
    + ", ".join(f"{score} {words}" for score, words in SCORE_WORDS.items())
    + "; of what an infant with silent muscles in the same hands leaves to be done. "
    "`hands`: the limp infant completes it too. Totals add up the scores without hands."
)


def infant_title(infant: Mapping[str, Any]) -> str:
    """Sex, condition and age of an infant, in words.

    Args:
        infant: Fields of :class:`dmi_sim.env.config.EnvConfig` that describe the infant.

    >>> infant_title({"sex": "male", "condition": "typical", "age_months": 9})
    'male, typical, 9 months'
    """
    age, condition = infant["age_months"], str(infant["condition"]).replace("_", " ")
    old = "at the age of each exercise" if age is None else f"{age:g} months"
    how = "" if condition == "typical" else f" (severity {infant['severity']:g})"
    return f"{infant['sex']}, {condition}{how}, {old}"


def controller_title(trained: Collection[str], tried: Collection[str], seed: int) -> str:
    """The controllers of the exercises, in words.

    Args:
        trained: Exercises with a trained policy.
        tried: All exercises that are tried.
        seed: Seed of the trained policies.

    >>> controller_title(["sitting"], ["sitting", "pull_to_sit"], 0)
    'trained policies of seed 0; reflexes only in pull to sit'
    """
    bare = [plain_words(name) for name in tried if name not in trained]
    if len(bare) == len(tried):
        return "no trained policies, reflexes only"
    rest = f"; reflexes only in {', '.join(bare)}" if bare else ""
    return f"trained policies of seed {seed}{rest}"


def ladder_lines(finding: LadderFinding) -> Iterator[str]:
    """The finding as Markdown, readable as plain text: items, totals, rule, notice."""
    yield from markdown(
        ("Exercise", "Typical age [months]", "No hands", "Held, from proximal to distal", "Lowest"),
        [
            (
                plain_words(item.exercise),
                f"{item.typical_age_months:g}",
                _unsupported(item.sites),
                ", ".join(_supported(one) for one in item.sites if one.site != "none"),
                plain_words(item.lowest or "never"),
            )
            for item in finding.items
        ],
    )
    yield ""
    yield from markdown(
        ("Without hands", "Score", "Of", "Per cent"),
        [
            *(_total(plain_words(name), finding.total(name)) for name in DIMENSIONS),
            _total("all", finding.total()),
        ],
    )
    yield from ("", _RULE, NOTICE)


def ladder_data(finding: LadderFinding) -> dict[str, Any]:
    """The finding as plain data, with its derived values."""
    return {
        "notice": NOTICE,
        "words": SCORE_WORDS,
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


def _unsupported(sites: Sequence[SiteFinding]) -> str:
    """The score without hands; a dash if there was no trial without hands."""
    return next((_score(one) for one in sites if one.site == "none"), "-")


def _supported(one: SiteFinding) -> str:
    return f"{plain_words(one.site)} {_score(one)}"


def _score(one: SiteFinding) -> str:
    return "hands" if one.score is None else str(one.score)


def _total(name: str, total: Total) -> tuple[str, str, str, str]:
    percent = f"{total.percent:.0f}" if total.maximum else "-"
    return name, str(total.score), str(total.maximum), percent


def _total_data(total: Total) -> dict[str, float]:
    return {**asdict(total), "percent": total.percent}
