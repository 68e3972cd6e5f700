"""Sway of the centre of mass: speed and size; NaN for an episode that is too short to filter."""

from dmi_sim.outcome.paths import com_path_m
from dmi_sim.outcome.registry import AMOUNT, outcome
from dmi_sim.outcome.sway import FILTER, ellipse_area_prediction_m2, mean_speed_m_s
from dmi_sim.recording import Recording


@outcome(
    unit="mm/s",
    title="sway speed",
    meaning="how fast the centre of mass moved over the ground",
    definition=f"mean speed of the centre of mass; {FILTER}",
    direction="none",  # an infant that walks or turns has to move it
    bounds=AMOUNT,
)
def com_speed_mm_s(recording: Recording) -> float:
    """Mean speed of the centre of mass over the ground."""
    return 1e3 * mean_speed_m_s(com_path_m(recording), recording.control_hz)


@outcome(
    unit="mm/s",
    title="sway speed, front to back",
    meaning="how fast the centre of mass moved over the ground along x",
    direction="none",  # an infant that walks or turns has to move it
    bounds=AMOUNT,
)
def com_speed_ap_mm_s(recording: Recording) -> float:
    """Mean speed of the centre of mass forward and back, x of the room."""
    return 1e3 * mean_speed_m_s(com_path_m(recording)[:, 0], recording.control_hz)


@outcome(
    unit="mm/s",
    title="sway speed, side to side",
    meaning="how fast the centre of mass moved over the ground along y",
    direction="none",  # an infant that walks or turns has to move it
    bounds=AMOUNT,
)
def com_speed_ml_mm_s(recording: Recording) -> float:
    """Mean speed of the centre of mass to the sides, y of the room."""
    return 1e3 * mean_speed_m_s(com_path_m(recording)[:, 1], recording.control_hz)


@outcome(
    unit="mm2",
    title="sway area",
    meaning="95 % prediction ellipse of the centre of mass, Schubert & Kirchner 2014",
    direction="none",  # an infant that walks or turns has to move it
    bounds=AMOUNT,
)
def com_ellipse_area_prediction_mm2(recording: Recording) -> float:
    """95 % prediction ellipse of the centre of mass, Schubert & Kirchner 2014, exact F quantile."""
    return 1e6 * ellipse_area_prediction_m2(com_path_m(recording))
