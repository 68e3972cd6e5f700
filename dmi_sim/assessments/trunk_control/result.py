"""The result of a segmental assessment, by level and kind of control."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from dmi_sim.assessments.trunk_control.judgement import Judgement
from dmi_sim.spec.assessment import LevelSpec

NOTICE = "Simulation, not clinical evidence. After the SATCo procedure; not the SATCo."

Control: TypeAlias = Literal["static", "active", "reactive"]
Verdict: TypeAlias = Literal["present", "absent", "not tested"]

CONTROLS: tuple[Control, ...] = get_args(Control)


@dataclass(frozen=True)
class ControlFinding:
    """The finding on one kind of control at one level.

    Attributes:
        verdict: Verdict; present if more than half of the trials were passed.
        trials: Judgements of the trials, until the majority was clear; empty if not tested.
    """

    verdict: Verdict
    trials: tuple[Judgement, ...] = ()

    @property
    def passed(self) -> int:
        """Number of trials that were passed."""
        return sum(trial.passed for trial in self.trials)


NOT_TESTED = ControlFinding("not tested")


@dataclass(frozen=True)
class LevelFinding:
    """The findings with the hands at one level.

    Attributes:
        level: Level of the hands and of the trunk that was tested above them.
        found: Findings by kind of control.
    """

    level: LevelSpec
    found: Mapping[Control, ControlFinding]


@dataclass(frozen=True)
class SegmentalFinding:
    """The findings of a segmental assessment.

    Attributes:
        levels: Findings at all levels from the head down, also those below the first failure.
    """

    levels: tuple[LevelFinding, ...]

    def learning_level(self, control: Control) -> int | None:
        """The level at which control is being learnt: the first from the head where it is absent.

        Levels that were not tested are skipped.

        Args:
            control: Kind of control.

        Returns:
            Index of the level; None if control is present wherever tested, or tested nowhere.
        """
        absent = (one.level.index for one in self.levels if one.found[control].verdict == "absent")
        return next(absent, None)

    def controlled_level(self, control: Control) -> int:
        """The lowest level that is controlled, with all that were tested above it.

        Args:
            control: Kind of control.

        Returns:
            Number of the level from the head down, as the procedure counts; 0 for none.
        """
        lowest = 0
        for one in self.levels:
            if one.found[control].verdict == "absent":
                break
            lowest = one.level.index if one.found[control].verdict == "present" else lowest
        return lowest

    def is_tested(self, control: Control) -> bool:
        """Whether a kind of control was tested at some level."""
        return any(one.found[control].verdict != "not tested" for one in self.levels)

    def verdicts(self, control: Control) -> dict[str, Verdict]:
        """The verdicts on one kind of control by the site of the hands, from the head down."""
        out: dict[str, Verdict] = {}
        for one in self.levels:
            if one.level.site is not None:
                out[one.level.site] = one.found[control].verdict
        return out
