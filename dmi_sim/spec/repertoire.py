"""Motor repertoire: what an infant can do and sense, the same in every exercise."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from dmi_sim.anatomy import AXIS_INDEX, Region
from dmi_sim.errors import did_you_mean
from dmi_sim.registry import name_of
from dmi_sim.spec.base import SecondsQuantity, Spec, Strict

ObservationName = Annotated[str, name_of("observation")]
"""Name of a function in ``dmi_sim/env/observations.py``."""


class SynergySpec(Strict):
    """Axes that one action moves together."""

    range_deg: float = Field(gt=0, le=180)
    """Angle by which full action moves an axis of weight 1 from the start pose [deg]."""
    axes: dict[str, float]
    """Weight of each axis."""
    cocontraction: float = Field(default=0.0, ge=0, le=1)
    """Shortening of the commanded lengths of all muscles around its joints at full action of either
    sign, in optimal lengths, because infants move stiffly; in posture mode only."""
    cpg_phase_deg: float | None = Field(default=None, ge=0, lt=360)
    """Phase of the pattern generator at which the synergy begins to act, for half a cycle [deg];
    without a phase it always acts."""

    @model_validator(mode="after")
    def _axes_exist(self) -> Self:
        for label in self.axes:
            if label not in AXIS_INDEX:
                raise ValueError(f"no axis '{label}'; {did_you_mean(label, AXIS_INDEX)}")
        return self


class CocontractionSpec(Strict):
    """Muscles that one action co-contracts, antagonists alike."""

    range: float = Field(gt=0, le=1)
    """Shortening of their commanded lengths at full action, in optimal lengths."""
    regions: tuple[Region, ...]
    """Regions of the body whose muscles it co-contracts, on both sides."""


class RepertoireSpec(Spec):
    """The commands and the senses that all exercises of one infant share.

    Commands that burst (``cpg_phase_deg``) do nothing in an exercise without a pattern generator.
    """

    folder: ClassVar[str] = "models/repertoire"

    title: str
    """Name of the repertoire in reports."""
    command_time_constant: SecondsQuantity
    """Time constant of the first-order filter that smooths each command [s]."""
    noise_time_constant: SecondsQuantity
    """Time in which the noise of senses and muscles forgets itself by a factor of e [s]."""
    cpg_ramp: SecondsQuantity
    """Time over which the bursts of the pattern generator grow to their full size [s]."""
    synergies: dict[str, SynergySpec]
    """Commands that move axes."""
    cocontractions: dict[str, CocontractionSpec] = Field(default_factory=dict)
    """Further commands, after the synergies; only their positive half does anything."""
    observations: tuple[ObservationName, ...]
    """Senses, in the order of the numbers."""
