"""Sway of a point over the ground: path, speed, size, frequency.

A path is an array over samples, shape (T,) for one direction or (T, k) for the resultant of k. None
of these functions passes over a sample that is not a number: the answer is then NaN.
"""

from math import nan

import numpy as np

from dmi_sim.arrays import Vector

CUT_OFF_HZ = 5.0
"""Cut-off of the low-pass filter [Hz]; infants sway slower than that."""
FILTER_ORDER = 2
"""Order of the Butterworth filter in each of its two passes: 4 in all."""
FILTER = f"low-pass {CUT_OFF_HZ:g} Hz, Butterworth, order {FILTER_ORDER} forwards and backwards"
"""The filter of paths in words, for the definitions of outcomes."""
WELCH_S = 10.0
"""Longest stretch of signal in one spectrum [s]; shorter signals are one stretch."""
SHORTEST_S = 5.0
"""Shorter signals have no frequency: a slow sway would not fit into them once [s]."""

_CONSTANT = 1e-12
_FEWEST_TO_FILTER = 15


def is_usable(path: Vector, samples: int) -> bool:
    """Whether a signal has at least so many samples, all of them finite."""
    return path.shape[0] >= samples and bool(np.isfinite(path).all())


def is_still(signal: Vector) -> bool:
    """Whether a signal does not move, up to rounding."""
    return bool(np.ptp(signal, axis=0).max() <= _CONSTANT * max(1.0, float(np.abs(signal).max())))


def low_pass(path: Vector, rate_hz: float, cut_off_hz: float = CUT_OFF_HZ) -> Vector:
    """The path without fast changes and without delay, same shape.

    A Butterworth filter of order :data:`FILTER_ORDER`, forwards and backwards: order doubled,
    amplitude halved at the cut-off.

    Args:
        path: Path in any unit, shape (T,) or (T, k).
        rate_hz: Samples per second [Hz].
        cut_off_hz: Cut-off frequency [Hz], below half the rate.

    Returns:
        NaN throughout if the path is not finite, has fewer than 15 samples, or if the cut-off is
        not below half the rate.

    Source:
        Winter (2009), Biomechanics and Motor Control of Human Movement, 4th ed., section 2.2.4;
        ``winter2009``.
    """
    from scipy import signal

    if not is_usable(path, _FEWEST_TO_FILTER) or cut_off_hz >= rate_hz / 2:
        return np.full_like(path, nan)
    sections = signal.butter(FILTER_ORDER, cut_off_hz, fs=rate_hz, output="sos")
    return np.asarray(signal.sosfiltfilt(sections, path, axis=0), dtype=np.float64)


def path_length_m(path_m: Vector) -> float:
    """Length of the path [m]: the sum of the distances between samples.

    >>> path_length_m(np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 5.0]]))
    6.0

    Source:
        Prieto et al. (1996), IEEE Trans. Biomed. Eng. 43, 956-966, eq. 8; ``prieto1996``.
    """
    if not is_usable(path_m, 1):
        return nan
    steps = np.diff(_columns(path_m), axis=0)
    return float(np.sqrt((steps**2).sum(axis=1)).sum())


def mean_speed_m_s(path_m: Vector, rate_hz: float) -> float:
    """Length of the path over its duration [m/s].

    >>> mean_speed_m_s(np.array([0.0, 1.0, 0.0]), rate_hz=10)
    10.0

    Source:
        Prieto et al. (1996), eq. 9; ``prieto1996``.
    """
    if len(path_m) < 2:
        return nan
    return path_length_m(path_m) * rate_hz / (len(path_m) - 1)


def rms_m(path_m: Vector) -> float:
    """Root mean square distance from the mean position [m].

    >>> rms_m(np.array([1.0, 3.0]))
    1.0

    Source:
        Prieto et al. (1996), eq. 6; ``prieto1996``.
    """
    if not is_usable(path_m, 1):
        return nan
    columns = _columns(path_m)
    return float(np.sqrt(((columns - columns.mean(axis=0)) ** 2).sum(axis=1).mean()))


def ellipse_area_prediction_m2(path_m: Vector, coverage: float = 0.95) -> float:
    """Area of the ellipse in which a new sample lies with a probability [m2].

    ``pi sqrt(det C) 2 (n - 1)(n + 1) / (n (n - 2)) F(coverage; 2, n - 2)`` with the sample
    covariance C of n points: the exact prediction ellipse of two normal variables, not the
    confidence ellipse of the mean and not its limit for many samples (5.99 in place of 2 ... F).

    Args:
        path_m: Path over the ground [m], shape (T, 2).
        coverage: Probability that the sample lies in the ellipse, 0 to 1.

    Returns:
        NaN with fewer than three samples.

    Source:
        Schubert & Kirchner (2014), Gait & Posture 39, 518-522, ``schubert2014``; Chew (1966), J.
        Am. Stat. Assoc. 61, 605-617, ``chew1966``.
    """
    if not is_usable(path_m, 3):
        return nan
    count = len(path_m)
    quantile = (count - 2) / 2 * ((1 - coverage) ** (-2 / (count - 2)) - 1)  # F for 2 and n - 2
    factor = 2 * (count - 1) * (count + 1) / (count * (count - 2)) * quantile
    determinant = float(np.linalg.det(np.cov(path_m, rowvar=False)))
    return factor * np.pi * float(np.sqrt(max(0.0, determinant)))


def power_frequency_hz(path: Vector, rate_hz: float, share: float) -> float:
    """Frequency below which a share of the power of the sway lies [Hz].

    Welch's spectrum (Hann windows of at most :data:`WELCH_S`, mean taken off), summed over the
    directions and integrated by trapezoids. The resolution is one over the stretch: 0.1 Hz at 10 s.

    Args:
        path: Path in any unit, shape (T,) or (T, k).
        rate_hz: Samples per second [Hz].
        share: Share of the power, 0.5 for the median frequency (f50), 0.95 for f95.

    Returns:
        NaN if the path is shorter than :data:`SHORTEST_S`, not finite or still.

    Source:
        Prieto et al. (1996), eq. 17-18, ``prieto1996``; Welch (1967), IEEE Trans. Audio
        Electroacoust. 15, 70-73, ``welch1967``.
    """
    from scipy import integrate, signal

    if not is_usable(path, round(SHORTEST_S * rate_hz)) or is_still(path):
        return nan
    columns = _columns(path)
    stretch = min(len(columns), round(WELCH_S * rate_hz))
    frequency, power = signal.welch(columns, rate_hz, nperseg=stretch, axis=0)
    below = integrate.cumulative_trapezoid(power.sum(axis=1), frequency, initial=0)
    return float(np.interp(share * below[-1], below, frequency))


def _columns(path: Vector) -> Vector:
    return path[:, None] if path.ndim == 1 else path
