"""What a study of programmes can show at all, told before it runs."""

from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.statistics.p_values import ALPHA, FEWEST_TO_DECIDE
from dmi_sim.statistics.sample_size import standardised_difference_shown
from dmi_sim.tables import percent
from dmi_sim.therapy.factorial import ELEMENTS

POWER = 0.8
"""Probability with which a difference is to be shown."""


def power_words(study: ProgrammeStudySpec) -> str:
    """The smallest difference that the children of a study show, in words.

    How far children differ is not known before they have lived, so it is told in standard
    deviations of the differences between two arms; a finished run says how large one is.

    Args:
        study: The study in the form in which it is going to run.
    """
    if study.children < FEWEST_TO_DECIDE:
        few = f"fewer than {FEWEST_TO_DECIDE} children in an arm"
        return f"{few} describe what happened to them, and show nothing more"
    count = tests_of(study)
    shown = standardised_difference_shown(study.children, ALPHA / count, POWER)
    each = " of a kind" if len(study.who.kinds) > 1 else ""
    return (
        f"{study.children} children{each} show a difference of {shown:g} standard deviations of "
        f"the differences between two arms with {percent(POWER)} power, "
        f"at {ALPHA:g} over {count}"
    )


def tests_of(study: ProgrammeStudySpec) -> int:
    """Number of tests over which the answer of a study is corrected.

    Args:
        study: The study in the form in which it is going to run.
    """
    if study.primary_outcome.by_elements:
        return len(ELEMENTS)
    return len(study.primary_outcome.comparisons) * len(study.who.kinds)
