"""How an episode ended, in the words under a picture."""

from dmi_sim.recording import Recording


def ending(recording: Recording) -> str:
    """The end of an episode in a few words; a success never hides a fall, nor a fall a success.

    Args:
        recording: The episode.

    Returns:
        Empty if the time was up and the exercise not completed.
    """
    if recording.physics_fault:
        return "stopped by a physics fault"
    if recording.is_success:
        return "succeeded, then fell" if recording.fell else "succeeded"
    return "fell" if recording.fell else ""
