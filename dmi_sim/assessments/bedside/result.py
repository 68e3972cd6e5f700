"""The result of a bedside examination; the finding of each test is defined in its module."""

from dataclasses import dataclass

from dmi_sim.assessments.bedside.passive_range import Dorsiflexion, PoplitealAngle, ScarfSign
from dmi_sim.assessments.bedside.pendulum import Pendulum
from dmi_sim.assessments.bedside.pull_to_sit import PullToSit
from dmi_sim.assessments.bedside.righting import Righting
from dmi_sim.assessments.bedside.slip_through import SlipThrough
from dmi_sim.assessments.bedside.ventral_suspension import VentralSuspension
from dmi_sim.infant import Infant

NOTICE = "Simulation, not clinical evidence."


@dataclass(frozen=True)
class BedsideResult:
    """The findings of an examination; pairs are left and right.

    Attributes:
        pull_to_sit: Head and trunk as the infant is drawn up by the forearms.
        ventral_suspension: Head, back and limbs as it is held prone in the air.
        righting: Trunk and head as its seat tilts.
        slip_through: Load on the shoulders as it is lifted under the arms.
        scarf_sign: Reach of the arms across the chest.
        popliteal_angle: Opening of the knees, the thighs against the belly.
        dorsiflexion: Bending of the ankles, the knees straight.
        pendulum: Swing of the shanks.
    """

    pull_to_sit: PullToSit
    ventral_suspension: VentralSuspension
    righting: Righting
    slip_through: SlipThrough
    scarf_sign: tuple[ScarfSign, ScarfSign]
    popliteal_angle: tuple[PoplitealAngle, PoplitealAngle]
    dorsiflexion: tuple[Dorsiflexion, Dorsiflexion]
    pendulum: tuple[Pendulum, Pendulum]


@dataclass(frozen=True)
class ExaminedInfant:
    """An infant and the result of its examination.

    Attributes:
        infant: The infant.
        result: Findings of all tests.
    """

    infant: Infant
    result: BedsideResult

    @property
    def title(self) -> str:
        """Condition and severity of the infant, in words, and its size if that was chosen."""
        config = self.infant.config
        is_median = config.length_z == config.weight_z == 0
        size = f", {self.infant.mass_kg:.1f} kg, {100 * self.infant.length_m:.0f} cm"
        severity = "" if config.condition == "typical" else f", severity {config.severity:g}"
        return config.condition.replace("_", " ") + severity + ("" if is_median else size)
