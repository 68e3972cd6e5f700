"""What a segmental assessment found, level by level and kind of control by kind of control."""

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
    """What was found of one kind of control at one level.

    Attributes:
        verdict: Present if more than half of the trials were passed.
        trials: Judgements of the trials, until the majority was clear; none if it was not tested.
    """

    verdict: Verdict
    trials: tuple[Judgement, ...] = ()

    @property
    def passed(self) -> int:
        """How many trials were passed."""
        return sum(trial.passed for trial in self.trials)


NOT_TESTED = ControlFinding("not tested")


@dataclass(frozen=True)
class LevelFinding:
    """What was found with the hands at one level.

    Attributes:
        level: Level of the hands and what was tested above them.
        found: Finding by kind of control.
    """

    level: LevelSpec
    found: Mapping[Control, ControlFinding]


@dataclass(frozen=True)
class SegmentalFinding:
    """What an assessment found.

    Attributes:
        levels: All levels from the head down, also those below the first failure.
    """

    levels: tuple[LevelFinding, ...]

    def learning_level(self, control: Control) -> int:
        """The level at which control is being learnt: the first from the head where it is absent.

        Levels that were not tested are passed over. One more than the last level if control is
        present wherever it was tested.
        """
        absent = (one.level.index for one in self.levels if one.found[control].verdict == "absent")
        return next(absent, self.levels[-1].level.index + 1)

    def verdicts(self, control: Control) -> dict[str, Verdict]:
        """Verdicts by the site of the hands, from the head down."""
        out: dict[str, Verdict] = {}
        for one in self.levels:
            if one.level.site is not None:
                out[one.level.site] = one.found[control].verdict
        return out
