"""All outcomes of a recorded episode, the same for every controller and every arm of a study."""

from dmi_sim.outcome.general import control_steps, duration_s
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.recording import Recording


def episode_outcomes(recording: Recording) -> dict[str, float]:
    """All registered outcomes of one episode by name, then its length and end.

    An outcome that cannot be computed is NaN: the episode was too short, or nothing carried the
    infant for a while.
    """
    end = episode_end(recording)
    values = {name: one.value(recording) for name, one in OUTCOMES.items() if name not in end}
    return {**values, **end}


def episode_end(recording: Recording) -> dict[str, float]:
    """The length of an episode and its end, by name of the column; flags are 0 or 1."""
    return {
        "n_steps": float(control_steps(recording)),
        "duration_s": duration_s(recording),
        "physics_fault": float(recording.physics_fault),
    }
