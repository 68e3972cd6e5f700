"""Outcomes that tell calm movement from trembling: muscle power, fast movement, turning away.

Success alone does not: a posture can be held by a body that shakes. Beside it stand the names of
:data:`CALM`.
"""

from math import isfinite, nan

import numpy as np

from dmi_sim.anatomy import PELVIS
from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import rotated
from dmi_sim.outcome.general import duration_s
from dmi_sim.outcome.registry import AMOUNT, SHARE, outcome
from dmi_sim.outcome.sway import is_still, is_usable
from dmi_sim.recording import Recording

FAST_HZ = 3.0
"""Frequency above which movement counts as fast [Hz].

Assumed: the rhythms of infants that one sees, kicking, rocking, bouncing, stepping, have about one
or two cycles a second, and sway is slower still; a delay of 70 to 110 ms in the loop makes a
limit cycle at 2 to 4 Hz and its harmonics above. No spectrum of the joints of infants was found.
"""
FAST_STRIDES = 4.0
"""Harmonic of the stride above which movement counts as fast.

Assumed: a walker's joints move with the stride and its first few harmonics.
"""
SETTLING_S = 1.0
"""Time in which a body settles into the pose in which it was put down [s]; it is left out.

Assumed. In the first 0.2 s joints give way at 3 to 9 rad/s, whoever controls them; in quiet
postures that has some twenty times the power of a later second, and would be most of what is
measured.
"""
SHORTEST_S = 2.0
"""Shorter movement does not tell a slow one from a drift, nor a turn from a fall [s]."""
STEEPEST_RAD = np.pi / 3
"""Slope from hip to hip beyond which a body lies on its side and faces nowhere [rad]."""

CALM = (
    "muscle_power_w_kg",
    "fast_movement_share",
    "fast_step_share",
    "head_tilt_mean_rad",
    "support_share_mean",
    "yaw_drift_rad_min",
)
"""Names of the outcomes that stand beside success, here and in :mod:`.general`."""


@outcome(
    unit="W/kg",
    title="muscle power",
    meaning="how hard the muscles worked, pushing and braking, for the weight of the body",
    direction="none",  # a limp infant needs none
    bounds=AMOUNT,
)
def muscle_power_w_kg(recording: Recording) -> float:
    """Work of active muscles / time / body mass.

    Concentric and eccentric work count alike, as the mean of the absolute power does: a muscle that
    brakes works as well. NaN without a step or a known mass.
    """
    seconds = duration_s(recording)
    if seconds <= 0:
        return nan
    work_j = float(np.abs(recording.muscle_work_j[-1] - recording.muscle_work_j[0]).sum())
    return work_j / seconds / recording.mass_kg


@outcome(
    unit="1",
    title="fast movement",
    meaning=f"share of joint movement faster than {FAST_HZ:g} cycles a second, such as trembling, "
    "0 to 1",
    direction="lower",
    bounds=SHARE,
    definition=f"power of the joint velocities above {FAST_HZ:g} Hz / all of it, summed over axes, "
    f"without the first {SETTLING_S:g} s, in which the body settles; NaN below "
    f"{SETTLING_S + SHORTEST_S:g} s",
)
def fast_movement_share(recording: Recording) -> float:
    """Share of joint-velocity power above :data:`FAST_HZ`."""
    return _fast_share(recording, FAST_HZ)


@outcome(
    unit="1",
    title="movement faster than the stride",
    meaning=f"share of joint movement faster than {FAST_STRIDES:g} times the rhythm of the "
    "exercise, 0 to 1",
    direction="lower",
    bounds=SHARE,
    definition=f"power of the joint velocities above {FAST_STRIDES:g} times the stride rate / all "
    f"of it, summed over axes, without the first {SETTLING_S:g} s, in which the body settles; NaN "
    f"without a rhythm or below {SETTLING_S + SHORTEST_S:g} s",
)
def fast_step_share(recording: Recording) -> float:
    """Share of joint-velocity power above :data:`FAST_STRIDES` times the stride rate."""
    return _fast_share(recording, FAST_STRIDES * recording.stride_hz)


@outcome(
    unit="rad/min",
    title="yaw drift",
    meaning="how far the pelvis turned away from where it faced at first, for each minute",
    direction="lower",
    bounds=AMOUNT,
)
def yaw_drift_rad_min(recording: Recording) -> float:
    """Net turn of the pelvis about the vertical, left or right, / time, once the body has settled.

    Turns to and fro cancel, and full turns count. NaN where less than :data:`SHORTEST_S` follow
    after :data:`SETTLING_S`, and if the infant lay on its side at some time, see
    :func:`heading_rad`.
    """
    heading = _settled(heading_rad(recording), recording.control_hz)
    seconds = (len(heading) - 1) / recording.control_hz
    return 60 * abs(float(heading[-1] - heading[0])) / seconds if seconds >= SHORTEST_S else nan


def heading_rad(recording: Recording) -> Vector:
    """Direction in which the pelvis faces, to the left [rad], shape (T,), without jumps.

    It is told by the axis from right to left, which stays level on hands and knees and on the belly
    as in standing, and which neither lean nor bow turns. NaN throughout if this axis was ever
    steeper than :data:`STEEPEST_RAD`.
    """
    left = rotated(recording.segment_quat_world[:, PELVIS], np.array((0.0, 1.0, 0.0)))
    if np.abs(left[:, 2]).max() > np.sin(STEEPEST_RAD):
        return np.full(len(left), nan)
    return np.unwrap(np.arctan2(-left[:, 0], left[:, 1]))


def _fast_share(recording: Recording, above_hz: float) -> float:
    velocity = _settled(recording.joint_velocity_rad_s, recording.control_hz)
    return power_share_above(velocity, recording.control_hz, above_hz)


def _settled(samples: Vector, control_hz: float) -> Vector:
    """The samples from the time on at which the body has settled."""
    return samples[round(SETTLING_S * control_hz) :]


def power_share_above(signals: Vector, rate_hz: float, above_hz: float) -> float:
    """Share of the power of signals, summed over them, that lies above a frequency, 0 to 1.

    The plain one-sided periodogram of each signal, its mean taken off: by Parseval's theorem the
    whole is the summed variance, so a large movement counts for more than a small one and none is
    weighed by when it happened.

    >>> second = np.arange(300) / 30
    >>> slow, fast = (np.sin(2 * np.pi * hz * second) for hz in (1, 5))
    >>> round(power_share_above(np.stack([slow, fast, fast], axis=1), 30, above_hz=3), 6)
    0.666667

    Args:
        signals: Signals of one unit, shape (T, k).
        rate_hz: Samples per second [Hz].
        above_hz: Frequency [Hz].

    Returns:
        NaN if the signals are shorter than :data:`SHORTEST_S`, not finite or still, or if the
        frequency is not below half the rate.
    """
    from scipy import signal

    is_in_range = isfinite(above_hz) and above_hz < rate_hz / 2
    if not is_in_range or not is_usable(signals, round(SHORTEST_S * rate_hz)) or is_still(signals):
        return nan
    frequency, power = signal.periodogram(signals, rate_hz, detrend="constant", axis=0)
    of_all = power.sum(axis=1)
    return float(of_all[frequency > above_hz].sum() / of_all.sum())
