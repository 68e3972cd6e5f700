"""Outcomes that every episode has, however short it was."""

from math import nan

import numpy as np

from dmi_sim.anatomy import FEET, HEAD
from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import rotated
from dmi_sim.outcome.paths import com_over_ground_m
from dmi_sim.outcome.registry import AMOUNT, ANGLE, SHARE, outcome
from dmi_sim.outcome.sway import path_length_m
from dmi_sim.recording import Recording


@outcome(
    unit="s",
    title="time without a fall",
    meaning="how long the infant kept from falling, to the end of the test if it did not fall",
    direction="higher",
    bounds=AMOUNT,
)
def time_upright_s(recording: Recording) -> float:
    """Time until the fall, or the whole episode."""
    return float(recording.time_s[-1]) if recording.time_s.size else 0.0


@outcome(
    unit="mm",
    title="sway path",
    meaning="how far the centre of mass moved over the ground",
    direction="none",  # it grows with the time upright
    bounds=AMOUNT,
)
def sway_path_mm(recording: Recording) -> float:
    """Path of the centre of mass against the ground."""
    return 1e3 * path_length_m(com_over_ground_m(recording))


@outcome(
    unit="rad",
    title="trunk tilt",
    meaning="how far the trunk leaned from the vertical on average",
    direction="none",  # on hands and knees and on the belly the trunk is level
    bounds=ANGLE,
)
def trunk_tilt_rms_rad(recording: Recording) -> float:
    """Root mean square tilt of the trunk."""
    return float(np.sqrt(np.mean(recording.upright_rad**2)))


@outcome(
    unit="rad",
    title="head tilt",
    meaning="how far the head leaned from the vertical on average",
    direction="none",  # an infant that lies has its head level
    bounds=ANGLE,
)
def head_tilt_mean_rad(recording: Recording) -> float:
    """Mean angle of the long axis of the head from the vertical."""
    return float(head_tilt_rad(recording).mean())


@outcome(
    unit="rad",
    title="head tilt, 90th percentile",
    meaning="how far the head leaned from the vertical in the worst tenth of the time",
    direction="none",
    bounds=ANGLE,
)
def head_tilt_p90_rad(recording: Recording) -> float:
    """Angle of the long axis of the head from the vertical, exceeded in a tenth of the time."""
    return float(np.quantile(head_tilt_rad(recording), 0.9))


def head_tilt_rad(recording: Recording) -> Vector:
    """Angle of the long axis of the head from the vertical [rad], shape (T,): pi is head down."""
    x, y, z = rotated(recording.segment_quat_world[:, HEAD], np.array((0.0, 0.0, 1.0))).T
    return np.arctan2(np.hypot(x, y), z)


@outcome(
    unit="1",
    title="effort",
    meaning="mean squared muscle activation, 0 to 1",
    direction="none",  # a limp infant makes none
    bounds=SHARE,
)
def effort(recording: Recording) -> float:
    """Mean squared activation."""
    return float(np.mean(recording.activation_rms**2))


@outcome(
    unit="N.s",
    title="impulse of the hands",
    meaning="force times time of the hands",
    direction="lower",
    bounds=AMOUNT,
)
def support_impulse_n_s(recording: Recording) -> float:
    """Impulse of the hands.

    The integral over time of the norm of their force.
    """
    return float(recording.support_force_n.sum() / recording.control_hz)


@outcome(
    unit="1",
    title="weight in the hands",
    meaning="share of body weight that the hands carried on average",
    direction="lower",
)
def support_share_mean(recording: Recording) -> float:
    """Mean vertical hand force / body weight."""
    return float(recording.support_share.mean()) if recording.support_share.size else 0.0


@outcome(
    unit="1",
    title="largest weight in the hands",
    meaning="share of body weight at the moment at which the hands carried most, 0 without hands",
    direction="lower",
)
def support_share_peak(recording: Recording) -> float:
    """Largest vertical hand force / body weight."""
    return float(recording.support_share.max()) if recording.support_share.size else 0.0


@outcome(
    unit="1",
    title="time off the feet",
    meaning="share of the time in which neither foot touched ground or furniture",
    direction="none",  # it tells hanging from standing, and nothing of an infant that lies
    bounds=SHARE,
)
def feet_off_share(recording: Recording) -> float:
    """Share of control steps in which nothing presses on either foot; NaN without a step.

    The start is left out, since nothing presses on the infant yet.
    """
    is_off = ~(recording.contact_force[1:, FEET] > 0).any(axis=1)
    return float(is_off.mean()) if is_off.size else nan


@outcome(
    unit="s",
    title="episode length",
    meaning="how long a test lasted",
    direction="none",
    bounds=AMOUNT,
)
def duration_s(recording: Recording) -> float:
    """Simulated time until the end."""
    return control_steps(recording) / recording.control_hz


def control_steps(recording: Recording) -> int:
    """Control steps of an episode; the first sample of a recording is its start."""
    return recording.time_s.size - 1
