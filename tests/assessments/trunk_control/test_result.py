"""The level at which control is being learnt, and verdicts down the trunk."""

from dmi_sim.assessments.trunk_control.result import (
    NOT_TESTED,
    ControlFinding,
    LevelFinding,
    SegmentalFinding,
)
from tests.assessments.trunk_control.findings import LEVELS

SITES = tuple(level.site for level in LEVELS if level.site)
PRESENT, ABSENT = ControlFinding("present"), ControlFinding("absent")


def found(*static: ControlFinding) -> SegmentalFinding:
    levels = zip(LEVELS, static, strict=True)
    return SegmentalFinding(
        tuple(
            LevelFinding(one, {"static": own, "active": PRESENT, "reactive": ABSENT})
            for one, own in levels
        )
    )


def test_the_level_being_learnt_is_the_first_failure_from_the_head() -> None:
    later_success = (PRESENT, PRESENT, NOT_TESTED, ABSENT, PRESENT, ABSENT, ABSENT)
    assert found(*later_success).learning_level("static") == 4
    assert found(*later_success).learning_level("active") is None
    assert found(*later_success).learning_level("reactive") == 1
    assert found(*later_success).controlled_level("reactive") == 0
    assert found(*later_success).controlled_level("active") > 0


def test_verdicts_go_down_the_trunk_and_leave_out_levels_without_a_support_site() -> None:
    verdicts = found(*[PRESENT] * 6, ABSENT).verdicts("static")
    assert tuple(verdicts) == SITES
    assert verdicts["none"] == "absent"
