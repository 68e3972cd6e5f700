"""Postural responses in words and numbers: a table by direction and speed, and gains."""

from collections.abc import Iterator

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.muscle_directions import (
    OPPOSITE,
    SIDE,
    MuscleDirections,
)
from dmi_sim.assessments.postural_responses.platform_trials import Move
from dmi_sim.assessments.postural_responses.procedure import NOTICE, ResponsesFinding
from dmi_sim.assessments.postural_responses.result import PARTS, Gain, MoveFinding
from dmi_sim.report.labels import MINUS, UNKNOWN
from dmi_sim.spec.responses import DIRECTIONS, Direction, Motion

MOTIONS: tuple[Motion, ...] = ("slide", "tilt")
UNIT = {"slide": "m/s", "tilt": "rad/s"}


def title_of(move: Move) -> str:
    """What the platform does, such as ``slides backward`` or ``tilts, left edge down``."""
    if move.motion == "slide":
        return f"slides {'to the ' if move.towards in ('left', 'right') else ''}{move.towards}"
    edge = {"forward": "front", "backward": "back"}.get(move.towards, move.towards)
    return f"tilts, {edge} edge down"


def agonists_of(fall: Direction) -> str:
    """What the muscles are called that hold a body back from a fall."""
    return SIDE[OPPOSITE[fall]]


def responses_lines(found: ResponsesFinding) -> Iterator[str]:
    """The table, the gains, and what the words mean."""
    when = "settled" if found.was_settled else "not able to stay up: moved before it topples"
    yield f"the platform moves after {found.moved_at_s:g} s; infant {when}"
    yield ""
    yield from _table(found)
    yield ""
    yield from _gains(found)
    yield ""
    yield from _meanings(found)
    yield NOTICE


def _table(found: ResponsesFinding) -> Iterator[str]:
    levels = "/".join(found.directions.levels)
    yield (
        f"{'the platform':24} {'speed':>10} {'agonists':8} {'first':>5} {'sent':>5} {'more':>5} "
        f"{'latency':>8} {'low first':>9} {'co-act.':>7} {'entropy':>7}  first by level: {levels}"
    )
    for one in found.moves:
        by_level = (
            f"{_number(share, '.0%'):>4}" for share in first_by_level(one, found.directions)
        )
        yield " ".join([*_cells(one), "", *by_level])


def first_by_level(one: MoveFinding, directions: MuscleDirections) -> Vector:
    """Share of trials with agonists first at each level, NaN where there are no such muscles."""
    agonists = directions.against(one.move.fall)
    has_some = [
        bool((agonists & (directions.level == k)).any()) for k in range(len(directions.levels))
    ]
    return np.where(has_some, one.agonist_first_by_level, np.nan)


def _cells(one: MoveFinding) -> Iterator[str]:
    move = one.move
    yield f"{title_of(move):24}"
    yield f"{move.peak_speed:.2f} {UNIT[move.motion]:5}".rjust(10)
    yield f"{agonists_of(move.fall):8}"
    yield f"{one.agonist_first:5.0%}"
    yield f"{one.central_first:5.0%}"
    yield f"{one.agonist_difference:5.0%}"
    yield f"{_number(1e3 * one.latency_s, '.0f'):>5} ms"
    yield f"{_number(one.lower_first, '.2f'):>9}"
    yield f"{_number(one.coactivation, '.2f'):>7}"
    yield f"{one.entropy_bits:4.2f} bit"


def _number(value: float, form: str) -> str:
    return UNKNOWN if value != value else format(value, form).replace("-", MINUS)


def _gains(found: ResponsesFinding) -> Iterator[str]:
    yield f"{'gain of agonists over speed, mean [95 %]':40} " + " ".join(f"{p:>22}" for p in PARTS)
    for motion in MOTIONS:
        for towards in DIRECTIONS:
            move = found.at_speeds(motion, towards)[0].move
            unit = f"per {UNIT[motion]}"
            told = (_told(found.gain(motion, towards, part)) for part in PARTS)
            yield f"{title_of(move):24} {unit:15} " + " ".join(f"{one:>22}" for one in told)


def _told(gain: Gain) -> str:
    numbers = (f"{one + 0.0:.3f}" for one in (gain.slope, gain.low, gain.high))
    mean, low, high = (one.replace("-", MINUS) for one in numbers)
    return f"{mean} [{low}, {high}]"


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
    """The same for a program."""
    return {
        "moved_at_s": found.moved_at_s,
        "was_settled": found.was_settled,
        "controller_from_s": found.controller_from_s,
        "levels": found.directions.levels,
        "moves": [_move_data(one, found.directions) for one in found.moves],
        "gains": [
            {"motion": motion, "towards": towards, "part": part, "unit": f"1/({UNIT[motion]})"}
            | vars(found.gain(motion, towards, part))
            for motion in MOTIONS
            for towards in DIRECTIONS
            for part in PARTS
        ],
    }


def _move_data(one: MoveFinding, directions: MuscleDirections) -> dict[str, object]:
    return {
        **vars(one.move),
        "peak_speed": one.move.peak_speed,
        "fall": one.move.fall,
        "agonists": agonists_of(one.move.fall),
        "trials": len(one.responses),
        "falls": sum(response.fell for response in one.responses),
        "agonist_first": one.agonist_first,
        "agonist_first_by_level": first_by_level(one, directions),
        "central_first": one.central_first,
        "agonist_difference": one.agonist_difference,
        "latency_s": one.latency_s,
        "latency_by_level_s": one.by_level_s,
        "lower_first": one.lower_first,
        "coactivation": one.coactivation,
        "entropy_bits": one.entropy_bits,
        "size": {part: float(one.size(part).mean()) for part in PARTS},
    }
