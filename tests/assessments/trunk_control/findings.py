"""An invented segmental assessment, without physics."""

from dmi_sim.assessments.trunk_control.result import (
    NOT_TESTED,
    ControlFinding,
    LevelFinding,
    SegmentalFinding,
)
from dmi_sim.catalog import Catalog
from dmi_sim.spec.assessment import SegmentalSpec

LEVELS = Catalog.shipped().load(SegmentalSpec, "trunk").levels


def finding(static_until: int) -> SegmentalFinding:
    """Static control present down to a level; all else absent, one level not tested."""

    def one(index: int) -> ControlFinding:
        return ControlFinding("present" if index <= static_until else "absent")

    absent = ControlFinding("absent")
    return SegmentalFinding(
        tuple(
            LevelFinding(
                level,
                {
                    "static": one(level.index) if level.site else NOT_TESTED,
                    "active": absent,
                    "reactive": absent,
                },
            )
            for level in LEVELS
        )
    )
