"""How an episode ended, in the words under a picture."""

from typing import Literal, TypeAlias

from dmi_sim.recording import Recording

End: TypeAlias = Literal["", "fault", "succeeded", "succeeded_then_fell", "fell"]
"""End of an episode; empty if the time was up and the exercise not completed."""

_WORDS: dict[End, str] = {
    "": "",
    "fault": "stopped by a physics fault",
    "succeeded": "succeeded",
    "succeeded_then_fell": "succeeded, then fell",
    "fell": "fell",
}


def end_of(recording: Recording) -> End:
    """The end of an episode; a success never hides a fall, nor a fall a success.

    Args:
        recording: The episode.
    """
    if recording.physics_fault:
        return "fault"
    if recording.is_success:
        return "succeeded_then_fell" if recording.fell else "succeeded"
    return "fell" if recording.fell else ""


def ending(recording: Recording) -> str:
    """The end of an episode in a few words; none if the time was up.

    Args:
        recording: The episode.
    """
    return _WORDS[end_of(recording)]
