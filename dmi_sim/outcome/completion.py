"""Outcomes that tell whether an exercise was completed, and whether the infant fell.

The two are told beside each other: an infant that turned over and then fell did both. Where
success asks for a time without a fall (``no_fall_s`` of the exercise), as in walking, it did not.
"""

from dmi_sim.outcome.registry import SHARE, outcome
from dmi_sim.recording import Recording


@outcome(
    unit="1",
    title="success rate",
    meaning="share of tests in which the infant did all that the exercise asks",
    direction="higher",
    bounds=SHARE,
)
def success(recording: Recording) -> float:
    """1 if the exercise was completed, else 0; whether a later fall counts the exercise says."""
    return float(recording.is_success)


@outcome(
    unit="1",
    title="completed share",
    meaning="how much of what the exercise asks the infant did, 0 to 1",
    direction="higher",
    bounds=SHARE,
)
def completion(recording: Recording) -> float:
    """Largest share of the success criterion reached, or of the time for which it is held."""
    return recording.completion


@outcome(
    unit="1",
    title="fall rate",
    meaning="share of tests that ended in a fall, after a success too",
    direction="lower",
    bounds=SHARE,
)
def fell(recording: Recording) -> float:
    """1 if the episode ended in a fall, whatever was achieved before it, else 0."""
    return float(recording.fell)
