"""The bedside examination, test by test."""

from dmi_sim.assessments.bedside.passive_range import dorsiflexion, popliteal_angle, scarf_sign
from dmi_sim.assessments.bedside.pendulum import pendulum
from dmi_sim.assessments.bedside.pull_to_sit import pull_to_sit
from dmi_sim.assessments.bedside.result import BedsideResult, ExaminedInfant
from dmi_sim.assessments.bedside.righting import righting
from dmi_sim.assessments.bedside.slip_through import slip_through
from dmi_sim.assessments.bedside.ventral_suspension import ventral_suspension
from dmi_sim.infant import Infant


def examine(infant: Infant) -> BedsideResult:
    """Examine an infant as a clinician would.

    Deterministic, without motor noise. Simulation, not clinical evidence.

    Args:
        infant: The infant.
    """
    return BedsideResult(
        pull_to_sit=pull_to_sit(infant),
        ventral_suspension=ventral_suspension(infant),
        righting=righting(infant),
        slip_through=slip_through(infant),
        scarf_sign=(scarf_sign(infant, "left"), scarf_sign(infant, "right")),
        popliteal_angle=(popliteal_angle(infant, "left"), popliteal_angle(infant, "right")),
        dorsiflexion=(dorsiflexion(infant, "left"), dorsiflexion(infant, "right")),
        pendulum=(pendulum(infant, "left"), pendulum(infant, "right")),
    )


def examine_beside_typical(infant: Infant) -> tuple[ExaminedInfant, ...]:
    """Examine an infant and, unless it is typical itself, the typical infant of its age and sex.

    Args:
        infant: The infant.

    Returns:
        The infant, then the typical one if that is another.
    """
    typical = Infant.from_spec(infant.config.age_months, infant.config.sex)
    infants = [infant] if infant == typical else [infant, typical]
    return tuple(ExaminedInfant(one, examine(one)) for one in infants)
