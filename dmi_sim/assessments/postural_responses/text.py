"""Postural responses in words and numbers: a table by direction and speed, and gains."""

from collections.abc import Iterator
from math import isfinite

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.muscle_directions import (
    MUSCLE_SIDE,
    OPPOSITE,
    MuscleDirections,
)
from dmi_sim.assessments.postural_responses.platform_trials import PlatformMove
from dmi_sim.assessments.postural_responses.result import (
    COMPONENTS,
    NOTICE,
    Gain,
    MoveFinding,
    ResponsesFinding,
)
from dmi_sim.spec.responses import DIRECTIONS, Direction, Motion
from dmi_sim.statistics.intervals import Estimate
from dmi_sim.tables import UNKNOWN, columns, interval_text, number

MOTIONS: tuple[Motion, ...] = ("slide", "tilt")
UNIT = {"slide": "m/s", "tilt": "rad/s"}

_HEAD = (
    "the platform", "speed", "agonists", "first", "sent", "more", "latency", "low first", "co-act.",
    "entropy",
)  # fmt: skip


def move_title(move: PlatformMove) -> str:
    """The move of the platform in words, such as ``slides backward``.

    >>> move_title(PlatformMove("tilt", "left", "fast", 0.1, 0.2))
    'tilts, left edge down'
    """
    if move.motion == "slide":
        return f"slides {'to the ' if move.towards in ('left', 'right') else ''}{move.towards}"
    edge = {"forward": "front", "backward": "back"}.get(move.towards, move.towards)
    return f"tilts, {edge} edge down"


def agonist_side(fall: Direction) -> str:
    """The name of the muscles that hold a body back from a fall.

    >>> agonist_side("forward")
    'dorsal'
    """
    return MUSCLE_SIDE[OPPOSITE[fall]]


def responses_lines(found: ResponsesFinding) -> Iterator[str]:
    """The table, the gains, and the meaning of the columns."""
    when = "settled" if found.was_settled else "not able to stay up: moved before it topples"
    yield f"the platform moves after {found.moved_at_s:g} s; infant {when}"
    yield ""
    yield from _move_lines(found)
    yield ""
    yield from _gain_lines(found)
    yield ""
    yield from _meanings(found)
    yield NOTICE


def _move_lines(found: ResponsesFinding) -> Iterator[str]:
    levels = found.directions.levels
    head = (*_HEAD, f"first by level: {'/'.join(levels)}")
    yield from columns("<24 >10 <8 >5 >5 >5 >8 >9 >7 >7  <1", [head])
    layout = "<24 >10 <8 >5 >5 >5 >8 >9 >7 >8  " + " ".join([">4"] * len(levels))
    yield from columns(layout, [_cells(one, found.directions) for one in found.moves])


def _cells(one: MoveFinding, directions: MuscleDirections) -> tuple[str, ...]:
    move = one.move
    return (
        move_title(move),
        f"{move.peak_speed:.2f} {UNIT[move.motion]:5}",
        agonist_side(move.fall),
        _share(one.agonist_first),
        _share(one.central_agonist_first),
        _share(one.agonist_larger),
        f"{number(1e3 * one.latency_s, 0)} ms",
        number(one.bottom_up, 2),
        number(one.coactivation, 2),
        f"{number(one.entropy_bits, 2)} bit",
        *map(_share, first_by_level(one, directions).tolist()),
    )


def _share(share: float) -> str:
    return f"{share:.0%}" if isfinite(share) else UNKNOWN


def first_by_level(one: MoveFinding, directions: MuscleDirections) -> Vector:
    """The share of trials with agonists first at each level, NaN at levels without agonists."""
    agonists = directions.agonists(one.move.fall)
    levels = range(len(directions.levels))
    has_some = [bool((agonists & (directions.level == level)).any()) for level in levels]
    return np.where(has_some, one.agonist_first_by_level, np.nan)


def _gain_lines(found: ResponsesFinding) -> Iterator[str]:
    head = ("gain of agonists over speed, mean [95 %]", *COMPONENTS)
    yield from columns("<40 >22 >22 >22", [head])
    rows = [_gain_cells(found, motion, towards) for motion in MOTIONS for towards in DIRECTIONS]
    yield from columns("<24 <15 >22 >22 >22", rows)


def _gain_cells(found: ResponsesFinding, motion: Motion, towards: Direction) -> tuple[str, ...]:
    title = move_title(found.at_speeds(motion, towards)[0].move)
    gains = (found.gain(motion, towards, component) for component in COMPONENTS)
    return title, f"per {UNIT[motion]}", *map(_gain_text, gains)


def _gain_text(gain: Gain) -> str:
    interval = interval_text(Estimate(gain.slope, gain.low, gain.high), 3)
    return f"{number(gain.slope, 3)} {interval}"


def _meanings(found: ResponsesFinding) -> Iterator[str]:
    yield "agonists: hold the body back from where it falls; antagonists pull it there."
    yield "first: share of trials with an agonist before every antagonist; by level: within it."
    yield "sent: the same of what the controller sent, without mechanics and reflexes."
    yield "more: share of trials in which agonists gained more activation than antagonists."
    yield "low first: 1 bottom-up, 0 top-down. entropy: of the pattern of levels over the trials."
    yield "co-act.: 2 x integral of the lesser / integral of both, agonists and antagonists."
    yield "gain: mean extra activation per speed; reflex: before the controller can act; postural:"
    yield "  later, reflexes included; central: what the controller itself sent in that time."
    count = max(len(one.responses) for one in found.moves)
    yield f"{count} trials of each move; intervals over trials of one controller, not over infants."


def responses_data(found: ResponsesFinding) -> dict[str, object]:
    """The findings as plain data."""
    return {
        "notice": NOTICE,
        "moved_at_s": found.moved_at_s,
        "was_settled": found.was_settled,
        "controller_from_s": found.controller_from_s,
        "levels": found.directions.levels,
        "moves": [_move_data(one, found.directions) for one in found.moves],
        "gains": [
            {
                "motion": motion,
                "towards": towards,
                "component": component,
                "unit": f"1/({UNIT[motion]})",
                **vars(found.gain(motion, towards, component)),
            }
            for motion in MOTIONS
            for towards in DIRECTIONS
            for component in COMPONENTS
        ],
    }


def _move_data(one: MoveFinding, directions: MuscleDirections) -> dict[str, object]:
    return {
        **vars(one.move),
        "peak_speed": one.move.peak_speed,
        "fall": one.move.fall,
        "agonists": agonist_side(one.move.fall),
        "trials": len(one.responses),
        "falls": sum(response.fell for response in one.responses),
        "agonist_first": one.agonist_first,
        "agonist_first_by_level": first_by_level(one, directions),
        "central_agonist_first": one.central_agonist_first,
        "agonist_larger": one.agonist_larger,
        "latency_s": one.latency_s,
        "latency_by_level_s": one.by_level_s,
        "bottom_up": one.bottom_up,
        "coactivation": one.coactivation,
        "entropy_bits": one.entropy_bits,
        "size": {component: float(one.size(component).mean()) for component in COMPONENTS},
    }
