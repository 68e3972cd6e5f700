"""Sway of the centre of pressure: path, size, frequency and regularity.

NaN for an episode that is too short, or in which nothing carried the infant at some step.
"""

from dmi_sim.outcome.entropy import sample_entropy
from dmi_sim.outcome.paths import cop_path_m
from dmi_sim.outcome.registry import AMOUNT, outcome
from dmi_sim.outcome.sway import (
    FILTER,
    ellipse_area_prediction_m2,
    mean_speed_m_s,
    path_length_m,
    power_frequency_hz,
    rms_m,
)
from dmi_sim.recording import Recording


@outcome(
    unit="mm",
    title="pressure path",
    meaning="how far the centre of pressure moved over the ground",
    definition=f"path of the centre of pressure; {FILTER}",
    direction="none",  # it grows with the time upright
    bounds=AMOUNT,
)
def cop_path_mm(recording: Recording) -> float:
    """Length of the path of the centre of pressure over the ground."""
    return 1e3 * path_length_m(cop_path_m(recording))


@outcome(
    unit="mm/s",
    title="pressure speed",
    meaning="how fast the centre of pressure moved over the ground",
    direction="none",  # an infant that walks or turns has to move it
    bounds=AMOUNT,
)
def cop_speed_mm_s(recording: Recording) -> float:
    """Mean speed of the centre of pressure over the ground."""
    return 1e3 * mean_speed_m_s(cop_path_m(recording), recording.control_hz)


@outcome(
    unit="mm",
    title="pressure spread, front to back",
    meaning="root mean square, along x",
    direction="none",  # an infant that walks or turns has to move it
    bounds=AMOUNT,
)
def cop_rms_ap_mm(recording: Recording) -> float:
    """Root mean square distance of the centre of pressure from its mean, x of the room."""
    return 1e3 * rms_m(cop_path_m(recording)[:, 0])


@outcome(
    unit="mm",
    title="pressure spread, side to side",
    meaning="root mean square, along y",
    direction="none",  # an infant that walks or turns has to move it
    bounds=AMOUNT,
)
def cop_rms_ml_mm(recording: Recording) -> float:
    """Root mean square distance of the centre of pressure from its mean, y of the room."""
    return 1e3 * rms_m(cop_path_m(recording)[:, 1])


@outcome(
    unit="mm2",
    title="pressure area",
    meaning="95 % prediction ellipse of the centre of pressure, Schubert & Kirchner 2014",
    direction="none",  # an infant that walks or turns has to move it
    bounds=AMOUNT,
)
def cop_ellipse_area_prediction_mm2(recording: Recording) -> float:
    """95 % prediction ellipse of the centre of pressure, Schubert & Kirchner 2014."""
    return 1e6 * ellipse_area_prediction_m2(cop_path_m(recording))


@outcome(
    unit="Hz",
    title="median frequency",
    meaning="half of the power of the pressure is below",
    direction="none",
    bounds=AMOUNT,
)
def cop_f50_hz(recording: Recording) -> float:
    """Median frequency of the power of the centre of pressure, x and y, Welch; 5 s up."""
    return power_frequency_hz(cop_path_m(recording), recording.control_hz, 0.50)


@outcome(
    unit="Hz",
    title="f95",
    meaning="95 % of the power of the pressure is below",
    direction="none",
    bounds=AMOUNT,
)
def cop_f95_hz(recording: Recording) -> float:
    """Frequency below which 95 % of the power of the centre of pressure lies."""
    return power_frequency_hz(cop_path_m(recording), recording.control_hz, 0.95)


@outcome(
    unit="1",
    title="entropy, front to back",
    meaning="sample entropy of the pressure (m 2, r 0.2 SD); 0 is regular",
    direction="none",  # healthy sway is neither rigid nor random
    bounds=AMOUNT,
)
def cop_entropy_ap(recording: Recording) -> float:
    """Sample entropy, m 2, r 0.2 SD, x; 200 samples up."""
    return sample_entropy(cop_path_m(recording)[:, 0])


@outcome(
    unit="1",
    title="entropy, side to side",
    meaning="sample entropy of the pressure (m 2, r 0.2 SD); 0 is regular",
    direction="none",
    bounds=AMOUNT,
)
def cop_entropy_ml(recording: Recording) -> float:
    """Sample entropy, m 2, r 0.2 SD, y; 200 samples up."""
    return sample_entropy(cop_path_m(recording)[:, 1])
