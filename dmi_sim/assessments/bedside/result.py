"""What a bedside examination found; the finding of each test is defined beside the test."""

from dataclasses import dataclass

from dmi_sim.assessments.bedside.passive_range import PoplitealAngle, ScarfSign
from dmi_sim.assessments.bedside.pendulum import Pendulum
from dmi_sim.assessments.bedside.pull_to_sit import PullToSit
from dmi_sim.assessments.bedside.righting import Righting
from dmi_sim.assessments.bedside.slip_through import SlipThrough
from dmi_sim.assessments.bedside.ventral_suspension import VentralSuspension
from dmi_sim.infant import Infant

NOTICE = "Simulation, not clinical evidence."


@dataclass(frozen=True)
class BedsideResult:
    """What an examination found; pairs are left and right.

    Attributes:
        pull_to_sit: Does the head follow the trunk?
        ventral_suspension: What hangs and what is held up, prone in the air?
        righting: What happens when the seat tilts?
        slip_through: Can the shoulders carry the body?
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


@dataclass(frozen=True)
class ExaminedInfant:
    """An infant and what was found at its bedside."""

    infant: Infant
    result: BedsideResult

    @property
    def title(self) -> str:
        """What to call it: its condition and severity."""
        config = self.infant.config
        if config.condition == "typical":
            return "typical"
        return f"{config.condition.replace('_', ' ')}, severity {config.severity:g}"
