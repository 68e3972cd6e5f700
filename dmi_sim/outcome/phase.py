"""Relative phase and lead of two signals in time.

The outcomes at the end are NaN for an episode shorter than 5 s.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import nan

import numpy as np

from dmi_sim.anatomy import HEAD, PELVIS, UPPER_THORAX
from dmi_sim.arrays import Vector
from dmi_sim.outcome.registry import ANGLE, outcome
from dmi_sim.outcome.sway import SHORTEST_S, is_still, is_usable
from dmi_sim.recording import Recording

LONGEST_LEAD_S = 0.5
"""Largest shift of signals against each other in the search for the one that leads [s]."""


@dataclass(frozen=True)
class RelativePhase:
    """The relative phase of two signals over time.

    Attributes:
        mean_rad: Mean over time of the absolute difference [rad]: 0 in phase, pi in anti-phase.
        sd_rad: Its standard deviation over time [rad]: 0 for a steady relation.
    """

    mean_rad: float
    sd_rad: float


@dataclass(frozen=True)
class Lead:
    """The time by which one of two signals leads the other.

    Attributes:
        lead_s: Time by which the first leads the second [s]; negative if it follows.
        correlation: Correlation of the two when shifted so, -1 to 1.
    """

    lead_s: float
    correlation: float


def pitch_rad(quat_world: Vector) -> Vector:
    """Forward tilt of the long axis of a segment in the x-z plane [rad], shape (T,), without jumps.

    Args:
        quat_world: Orientations (x, y, z, w), shape (T, 4).
    """
    x, y, z, w = quat_world.T
    return np.unwrap(np.arctan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y)))


def relative_phase(first: Vector, second: Vector, rate_hz: float) -> RelativePhase:
    """Continuous relative phase of two signals from their analytic signals.

    Each signal, its straight trend taken off, is made complex by the Hilbert transform; the phase
    is the angle between the two.

    Args:
        first: Signal in any unit, shape (T,).
        second: Signal in any unit, shape (T,).
        rate_hz: Samples per second [Hz].

    Returns:
        NaN if a signal is shorter than 5 s, not finite or still.

    Source:
        Lamb & Stoeckl (2014), Clin. Biomech. 29, 484-493; ``lamb2014``.
    """
    from scipy import signal

    pair = np.stack([first, second], axis=1)
    if not is_usable(pair, round(SHORTEST_S * rate_hz)):
        return RelativePhase(nan, nan)
    swings = np.asarray(signal.detrend(pair, axis=0))
    if is_still(swings[:, 0]) or is_still(swings[:, 1]):
        return RelativePhase(nan, nan)
    analytic = np.asarray(signal.hilbert(swings, axis=0))
    apart = np.abs(np.angle(analytic[:, 0] * analytic[:, 1].conj()))
    return RelativePhase(float(apart.mean()), float(apart.std()))


def lead_of(first: Vector, second: Vector, rate_hz: float) -> Lead:
    """The lead of a signal: the shift at which the size of the correlation is largest.

    At each shift the overlapping samples are correlated; a parabola through the peak and its
    neighbours gives the shift between samples. With the force of a hand as the first and the sway
    of the body as the second, a positive lead is a touch that steers the body, a negative one a
    body that leans on its support.

    Args:
        first: Signal in any unit, shape (T,).
        second: Signal in any unit, shape (T,).
        rate_hz: Samples per second [Hz].

    Returns:
        NaN if a signal is shorter than 5 s, not finite or still.

    Source:
        Barela, Jeka & Clark (1999), Infant Behav. Dev. 22, 87-102, ``barela1999``: force and
        sway of infants who hold a surface.
    """
    both = np.stack([first, second], axis=1)
    if not is_usable(both, round(SHORTEST_S * rate_hz)) or is_still(first) or is_still(second):
        return Lead(nan, nan)
    max_shift = round(LONGEST_LEAD_S * rate_hz)
    shifts = range(-max_shift, max_shift + 1)
    found = np.array([_correlation(first, second, shift) for shift in shifts])
    if not np.isfinite(found).all():
        return Lead(nan, nan)
    peak = int(np.argmax(np.abs(found)))
    return Lead((peak - max_shift + _between(np.abs(found), peak)) / rate_hz, float(found[peak]))


def _correlation(first: Vector, second: Vector, shift: int) -> float:
    """Pearson's r of ``first`` and of what ``second`` does ``shift`` samples later."""
    early = first[: len(first) - shift] if shift >= 0 else first[-shift:]
    late = second[shift:] if shift >= 0 else second[: len(second) + shift]
    early, late = early - early.mean(), late - late.mean()
    size = float(np.sqrt((early @ early) * (late @ late)))
    return float(early @ late) / size if size > 0 else nan


def _between(heights: Vector, peak: int) -> float:
    """The vertex of the parabola through a peak and its neighbours, in samples from the peak."""
    if not 0 < peak < len(heights) - 1:
        return 0.0
    left, top, right = heights[peak - 1 : peak + 2].tolist()
    bend = left - 2 * top + right
    return 0.5 * (left - right) / bend if bend < 0 else 0.0


# Two outcomes of one recording follow from each of these: the last answer is kept.


@lru_cache(maxsize=1)
def head_trunk_phase(recording: Recording) -> RelativePhase:
    """Relative phase of the pitch of head and upper thorax."""
    return _pitch_phase(recording, HEAD, UPPER_THORAX)


@lru_cache(maxsize=1)
def thorax_pelvis_phase(recording: Recording) -> RelativePhase:
    """Relative phase of the pitch of upper thorax and pelvis."""
    return _pitch_phase(recording, UPPER_THORAX, PELVIS)


def _pitch_phase(recording: Recording, upper: int, lower: int) -> RelativePhase:
    first, second = (
        pitch_rad(recording.segment_quat_world[:, segment]) for segment in (upper, lower)
    )
    return relative_phase(first, second, recording.control_hz)


@outcome(
    unit="rad",
    title="phase of head and trunk",
    meaning="0 when they tilt together, π when against each other",
    direction="none",
    bounds=ANGLE,
)
def head_trunk_phase_rad(recording: Recording) -> float:
    """Mean absolute relative phase of the pitch of head and upper thorax, Hilbert; 0 in phase."""
    return head_trunk_phase(recording).mean_rad


@outcome(
    unit="rad",
    title="variation of the phase of head and trunk",
    meaning="0 when they keep their relation",
    direction="none",
    bounds=ANGLE,
)
def head_trunk_phase_sd_rad(recording: Recording) -> float:
    """Standard deviation of the relative phase of head and upper thorax over time."""
    return head_trunk_phase(recording).sd_rad


@outcome(
    unit="rad",
    title="phase of thorax and pelvis",
    meaning="0 when they tilt together, π when against each other",
    direction="none",
    bounds=ANGLE,
)
def thorax_pelvis_phase_rad(recording: Recording) -> float:
    """Mean absolute relative phase of the pitch of upper thorax and pelvis, Hilbert; 0 in phase."""
    return thorax_pelvis_phase(recording).mean_rad


@outcome(
    unit="rad",
    title="variation of the phase of thorax and pelvis",
    meaning="0 when they keep their relation",
    direction="none",
    bounds=ANGLE,
)
def thorax_pelvis_phase_sd_rad(recording: Recording) -> float:
    """Standard deviation of the relative phase of upper thorax and pelvis over time."""
    return thorax_pelvis_phase(recording).sd_rad
