"""Equal help as two tables and as plain data."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, get_args

from dmi_sim.assessments.equal_help.result import HELP, EqualHelp, HandsHelp, Match
from dmi_sim.spec.arm import HelpName
from dmi_sim.tables import markdown

NOTICE = "Simulation, not clinical evidence: one controller, which learns nothing meanwhile."
_NAMES: tuple[HelpName, ...] = get_args(HelpName)
_DIGITS = {"impulse": 0, "load": 3, "falls": 1}


def equal_help_lines(found: EqualHelp) -> Iterator[str]:
    """Help at equal firmness, and firmness at equal help, by site."""
    yield f"Help at firmness {found.firmness:g}, {found.episodes} episodes:"
    yield ""
    heads = [f"{HELP[name].title} [{HELP[name].unit}]" for name in _NAMES]
    rows = [[site, *_numbers(given)] for site, given in found.at_firmness.items()]
    yield from markdown(["Hands", *heads], rows)
    yield ""
    yield f"Firmness that gives as much help as {found.like} at {found.firmness:g}:"
    yield ""
    equal = [f"equal {HELP[name].title}" for name in _NAMES]
    sites = dict.fromkeys(one.site for one in found.matches)
    by = {(one.site, one.measure): one for one in found.matches}
    yield from markdown(
        ["Hands", *equal],
        [[site, *(_firmness(by[site, name]) for name in _NAMES)] for site in sites],
    )
    yield ""
    yield NOTICE


def _numbers(given: HandsHelp) -> list[str]:
    return [_number(given, name) for name in _NAMES]


def _number(given: HandsHelp, name: HelpName) -> str:
    return f"{HELP[name].value(given):.{_DIGITS[name]}f}"


def _firmness(one: Match) -> str:
    """The firmness, or how little full firmness gives."""
    if one.is_possible:
        return f"{one.firmness:.3f}"
    return f"cannot: {_number(one.given, one.measure)} at 1"


def equal_help_data(found: EqualHelp) -> dict[str, Any]:
    """The same as plain data; a firmness that does not exist is null."""
    return {
        "notice": NOTICE,
        "like": found.like,
        "firmness": found.firmness,
        "episodes": found.episodes,
        "at_firmness": {site: asdict(given) for site, given in found.at_firmness.items()},
        "matches": [
            {**asdict(one), "firmness": one.firmness if one.is_possible else None}
            for one in found.matches
        ],
    }
