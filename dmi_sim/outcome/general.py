"""Outcomes that every episode has, however short it was."""

import numpy as np

from dmi_sim.outcome.paths import com_over_ground_m
from dmi_sim.outcome.registry import outcome
from dmi_sim.outcome.sway import path_length_m
from dmi_sim.recording import Recording


@outcome(
    unit="s",
    title="time upright",
    meaning="how long the infant sat before it fell",
    direction="higher",
)
def time_upright_s(recording: Recording) -> float:
    """Time until the fall, or the whole episode."""
    return float(recording.time_s[-1]) if recording.time_s.size else 0.0


@outcome(
    unit="mm",
    title="sway path",
    meaning="how far the centre of mass wandered",
    direction="none",  # it grows with the time upright
)
def sway_path_mm(recording: Recording) -> float:
    """Path of the centre of mass against the ground."""
    return 1e3 * path_length_m(com_over_ground_m(recording))


@outcome(
    unit="rad",
    title="trunk tilt",
    meaning="how far the trunk leaned on average",
    direction="lower",
)
def trunk_tilt_rms_rad(recording: Recording) -> float:
    """Root mean square tilt of the trunk."""
    return float(np.sqrt(np.mean(recording.upright_rad**2)))


@outcome(
    unit="1",
    title="effort",
    meaning="mean squared muscle activation, 0 to 1",
    direction="none",  # a limp infant makes none
)
def effort(recording: Recording) -> float:
    """Mean squared activation."""
    return float(np.mean(recording.activation_rms**2))


@outcome(
    unit="N.s",
    title="impulse of the hands",
    meaning="force times time of the hands",
    direction="lower",
)
def support_impulse_n_s(recording: Recording) -> float:
    """Impulse of the hands.

    The integral over time of the norm of their force.
    """
    return float(recording.support_force_n.sum() / recording.control_hz)


@outcome(
    unit="1",
    title="weight in the hands",
    meaning="share of body weight, 0 to 1",
    direction="lower",
)
def support_share_mean(recording: Recording) -> float:
    """Mean vertical hand force / body weight."""
    return float(recording.support_share.mean()) if recording.support_share.size else 0.0


@outcome(unit="s", title="episode length", meaning="how long a test lasted", direction="none")
def duration_s(recording: Recording) -> float:
    """Simulated time until the end."""
    return control_steps(recording) / recording.control_hz


def control_steps(recording: Recording) -> int:
    """Control steps of an episode; the first sample of a recording is its start."""
    return recording.time_s.size - 1
