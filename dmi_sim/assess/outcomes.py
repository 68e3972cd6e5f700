"""Outcomes of a recorded episode: what studies compare, the same for every controller and arm."""

import numpy as np

from dmi_sim.assess.recording import Recording


def time_upright_s(recording: Recording) -> float:
    """How long the infant stayed up [s]: until its fall, or the whole episode."""
    return float(recording.time_s[-1]) if recording.time_s.size else 0.0


def sway_path_mm(recording: Recording) -> float:
    """Length of the path of the centre of mass over the floor [mm]."""
    steps = np.diff(recording.com_m[:, :2], axis=0)
    return float(1000 * np.hypot(steps[:, 0], steps[:, 1]).sum())


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
        "n_steps": float(steps),
        "duration_s": steps / recording.control_hz,
        "fell": float(recording.fell),
        "physics_fault": float(recording.physics_fault),
    }
