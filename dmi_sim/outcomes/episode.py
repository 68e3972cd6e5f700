"""Outcomes of a to_recording episode: what studies compare, the same for every controller and arm.

Sway is told in the directions of the room, x (``ap``, front and back of an infant as it begins) and
y (``ml``, its sides), against the ground: where a platform moves, its shift is taken off. What an
episode does not tell is NaN: it was too short, or nothing carried the infant for a while.
"""

from collections.abc import Mapping
from math import nan

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.outcomes.entropy import sample_entropy
from dmi_sim.outcomes.phase import RelativePhase, pitch_rad, relative_phase
from dmi_sim.outcomes.stability import (
    base_of_support_m,
    extrapolated_centre_m,
    margins_of_stability_m,
)
from dmi_sim.outcomes.sway import (
    ellipse_area_prediction_m2,
    low_pass,
    mean_speed_m_s,
    path_length_m,
    power_frequency_hz,
    rms_m,
)
from dmi_sim.outcomes.work import active_work_share, trunk_coactivation
from dmi_sim.recording import Recording

_PELVIS, _UPPER_THORAX, _HEAD = 0, 3, 4


def time_upright_s(recording: Recording) -> float:
    """How long the infant stayed up [s]: until its fall, or the whole episode."""
    return float(recording.time_s[-1]) if recording.time_s.size else 0.0


def sway_path_mm(recording: Recording) -> float:
    """Length of the path of the centre of mass against the ground, not filtered [mm]."""
    return 1e3 * path_length_m(over_ground_m(recording))


def trunk_tilt_rms_rad(recording: Recording) -> float:
    """Root mean square tilt of the trunk from the vertical [rad]."""
    return float(np.sqrt(np.mean(recording.upright_rad**2)))


def effort(recording: Recording) -> float:
    """Mean squared muscle activation [0..1]."""
    return float(np.mean(recording.activation_rms**2))


def support_impulse_n_s(recording: Recording) -> float:
    """Impulse of the hands, the integral of the norm of their force [N s]."""
    return float(recording.support_force_n.sum() / recording.control_hz)


def support_share_mean(recording: Recording) -> float:
    """Mean share of the body weight that the hands carried."""
    return float(recording.support_share.mean()) if recording.support_share.size else 0.0


def over_ground_m(recording: Recording) -> Vector:
    """Way of the centre of mass against the ground [m], shape (T, 2)."""
    return recording.com_m[:, :2] - recording.platform[:, :2]


def pressure_over_ground_m(recording: Recording) -> Vector:
    """Way of the centre of pressure against the ground [m], shape (T - 1, 2).

    Without the first sample: at the start no physics step has contact_forces yet.
    """
    return recording.cop_m[1:, :2] - recording.platform[1:, :2]


def mass_sway(recording: Recording) -> dict[str, float]:
    """Speed and ellipse of the centre of mass, by column, after :func:`.low_pass`."""
    path = low_pass(over_ground_m(recording), recording.control_hz)
    return {
        "com_speed_mm_s": 1e3 * mean_speed_m_s(path, recording.control_hz),
        "com_speed_ap_mm_s": 1e3 * mean_speed_m_s(path[:, 0], recording.control_hz),
        "com_speed_ml_mm_s": 1e3 * mean_speed_m_s(path[:, 1], recording.control_hz),
        "com_ellipse_area_prediction_mm2": 1e6 * ellipse_area_prediction_m2(path),
    }


def pressure_sway(recording: Recording) -> dict[str, float]:
    """Path, size, frequency and regularity of the centre of pressure, by column.

    After :func:`.low_pass`; NaN if there was no pressure at some step.
    """
    rate = recording.control_hz
    path = low_pass(pressure_over_ground_m(recording), rate)
    forward, left = path.T
    return {
        "cop_path_mm": 1e3 * path_length_m(path),
        "cop_speed_mm_s": 1e3 * mean_speed_m_s(path, rate),
        "cop_rms_ap_mm": 1e3 * rms_m(forward),
        "cop_rms_ml_mm": 1e3 * rms_m(left),
        "cop_ellipse_area_prediction_mm2": 1e6 * ellipse_area_prediction_m2(path),
        "cop_f50_hz": power_frequency_hz(path, rate, 0.50),
        "cop_f95_hz": power_frequency_hz(path, rate, 0.95),
        "cop_entropy_ap": sample_entropy(forward),
        "cop_entropy_ml": sample_entropy(left),
    }


def margin_of_stability_m(recording: Recording) -> Vector:
    """Margin of stability [m], shape (T - 1,), without the start as nothing presses yet.

    The base is the hull of :func:`.base_of_support_m`, seen from above; hands do not count, so an
    infant who leans on them has a negative margin. The pendulum is as long as the centre of mass is
    high over the mean of the points.
    """
    base = base_of_support_m(recording)
    is_there = np.isfinite(base[:, :, 2])
    count = is_there.sum(axis=1)
    ground = np.where(is_there, base[:, :, 2], 0.0).sum(axis=1) / np.where(count, count, nan)
    shift = np.diff(recording.platform[:, :2], axis=0, prepend=recording.platform[:1, :2])
    velocity = recording.com_velocity_m_s[:, :2] - shift * recording.control_hz
    height = recording.com_m[:, 2] - ground
    centre = extrapolated_centre_m(recording.com_m[:, :2], velocity, height)
    return margins_of_stability_m(centre[1:], base[1:, :, :2])


def stability(recording: Recording) -> dict[str, float]:
    """Mean and smallest margin of stability, by column; NaN if nothing carried at some step."""
    margin = margin_of_stability_m(recording)
    mean, least = (margin.mean(), margin.min()) if margin.size else (nan, nan)
    return {
        "margin_of_stability_mean_mm": 1e3 * float(mean),
        "margin_of_stability_min_mm": 1e3 * float(least),
    }


def phases(recording: Recording) -> dict[str, float]:
    """How head and trunk, thorax and pelvis tilt together forward and back, by column."""
    head, thorax, pelvis = (
        pitch_rad(recording.segment_quat_world[:, segment])
        for segment in (_HEAD, _UPPER_THORAX, _PELVIS)
    )
    head_trunk = relative_phase(head, thorax, recording.control_hz)
    thorax_pelvis = relative_phase(thorax, pelvis, recording.control_hz)
    return {**_phase("head_trunk", head_trunk), **_phase("thorax_pelvis", thorax_pelvis)}


def _phase(name: str, phase: RelativePhase) -> dict[str, float]:
    return {f"{name}_phase_rad": phase.mean_rad, f"{name}_phase_sd_rad": phase.sd_rad}


def work(recording: Recording) -> dict[str, float]:
    """Positive work of muscles and hands, their shares, co-activation of the trunk, by column."""
    muscles, hands = (
        float(series[-1, 0]) for series in (recording.muscle_work_j, recording.support_work_j)
    )
    return {
        "muscle_work_j": muscles,
        "support_work_j": hands,
        "active_work_share": active_work_share(muscles, hands),
        "trunk_coactivation": trunk_coactivation(recording.activation, recording.muscle_names),
    }


def episode_outcomes(recording: Recording) -> dict[str, float]:
    """All outcomes of one episode, by name of the column; flags are 0 or 1."""
    steps = recording.time_s.size - 1  # the first sample is the start
    return {
        "time_upright_s": time_upright_s(recording),
        "sway_path_mm": sway_path_mm(recording),
        "trunk_tilt_rms_rad": trunk_tilt_rms_rad(recording),
        "effort": effort(recording),
        "support_impulse_n_s": support_impulse_n_s(recording),
        "support_share_mean": support_share_mean(recording),
        **_known_or_nan(mass_sway(recording)),
        **_known_or_nan(pressure_sway(recording)),
        **_known_or_nan(stability(recording)),
        **_known_or_nan(phases(recording)),
        **_known_or_nan(work(recording)),
        "n_steps": float(steps),
        "duration_s": steps / recording.control_hz,
        "fell": float(recording.fell),
        "physics_fault": float(recording.physics_fault),
    }


def _known_or_nan(outcomes: Mapping[str, float]) -> dict[str, float]:
    """The same with one and the same NaN, so that equal episodes have equal outcomes."""
    return {name: value if np.isfinite(value) else nan for name, value in outcomes.items()}
