"""All bedside tests of one infant."""

from dataclasses import dataclass

from dmi_sim.assessments.bedside.passive_range import (
    PoplitealAngle,
    ScarfSign,
    popliteal_angle,
    scarf_sign,
)
from dmi_sim.assessments.bedside.pendulum import Pendulum, pendulum
from dmi_sim.assessments.bedside.pull_to_sit import PullToSit, pull_to_sit
from dmi_sim.assessments.bedside.righting import Righting, righting
from dmi_sim.assessments.bedside.slip_through import SlipThrough, slip_through
from dmi_sim.assessments.bedside.ventral_suspension import VentralSuspension, ventral_suspension
from dmi_sim.infant import Infant

NOTICE = "Simulation, not clinical evidence."


@dataclass(frozen=True)
class BedsideResult:
    """What an examination found; pairs are left and right.

    Attributes:
        pull_to_sit: Does the head follow the trunk?
        ventral_suspension: What hangs and what is held up, prone in the air?
        righting: What happens when the seat tilts?
        slip_through: Can the shoulders set_platform_velocity the body?
        scarf_sign: How far do the arms go across the chest?
        popliteal_angle: How far do the knees open?
        pendulum: How do the shanks swing?
    """

    pull_to_sit: PullToSit
    ventral_suspension: VentralSuspension
    righting: Righting
    slip_through: SlipThrough
    scarf_sign: tuple[ScarfSign, ScarfSign]
    popliteal_angle: tuple[PoplitealAngle, PoplitealAngle]
    pendulum: tuple[Pendulum, Pendulum]


def examine(infant: Infant) -> BedsideResult:
    """Examine an infant as a clinician would; deterministic, without motor noise.

    Simulation, not clinical evidence.

    Args:
        infant: Who.
    """
    return BedsideResult(
        pull_to_sit=pull_to_sit(infant),
        ventral_suspension=ventral_suspension(infant),
        righting=righting(infant),
        slip_through=slip_through(infant),
        scarf_sign=(scarf_sign(infant, "left"), scarf_sign(infant, "right")),
        popliteal_angle=(popliteal_angle(infant, "left"), popliteal_angle(infant, "right")),
        pendulum=(pendulum(infant, "left"), pendulum(infant, "right")),
    )
