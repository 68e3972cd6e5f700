"""The examiner: trials of one kind of control at one level of the trunk, and a verdict."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.assessments.trunk_control.judgement import (
    Judgement,
    Posture,
    active_duration_s,
    judge_active,
    judge_reactive,
    judge_static,
    posture_of,
    reactive_duration_s,
)
from dmi_sim.assessments.trunk_control.result import NOT_TESTED, Control, ControlFinding
from dmi_sim.assessments.trunk_control.trial import TrialScript, pushes_of, simulate_trial
from dmi_sim.assessments.trunk_control.voluntary import voluntary_movements
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.spec.assessment import LevelSpec, SegmentalSpec


@dataclass(frozen=True)
class Examiner:
    """An examiner of one controller by one procedure.

    Attributes:
        controller: Controller to assess; None for reflexes only (zero action).
        env: Environment of the procedure's exercise.
        procedure: The procedure. A trial that a physics fault cuts short is not passed.
    """

    controller: Controller | None
    env: PostureEnv
    procedure: SegmentalSpec

    def assess(self, control: Control, level: LevelSpec) -> ControlFinding:
        """Assess one kind of control at one level; trials stop when the majority is clear."""
        if level.site is None or (control == "reactive" and level.pushed_segment is None):
            return NOT_TESTED
        count = self.procedure.trials.value
        trials: list[Judgement] = []
        for trial in self._trials(self._script(level, control), control):
            trials.append(trial)
            passed = sum(one.passed for one in trials)
            if max(passed, len(trials) - passed) > count / 2:
                break
        is_present = sum(one.passed for one in trials) > count / 2
        return ControlFinding("present" if is_present else "absent", tuple(trials))

    def _trials(self, script: TrialScript, control: Control) -> Iterator[Judgement]:
        for seed in evaluation_seeds(self.procedure.trials.value):
            posture = posture_of(simulate_trial(self.env, self.controller, seed, script))
            yield judge(posture, self.procedure, control)

    def _script(self, level: LevelSpec, control: Control) -> TrialScript:
        rules, infant = self.procedure, self.env.infant
        script = TrialScript(
            level.site or "none", rules.strength.value, trial_duration_s(rules, control)
        )
        if control == "active":
            return replace(script, voluntary=voluntary_movements(rules.active, infant.muscles))
        if control == "reactive":
            segment = [node.kind for node in SEGMENTS].index(level.pushed_segment or "upper_thorax")
            return replace(script, pushes=pushes_of(rules.reactive, segment, infant.mass_kg))
        return script


def trial_duration_s(procedure: SegmentalSpec, control: Control) -> float:
    """The duration of a trial of one kind of control [s]."""
    if control == "static":
        return procedure.static.watched.value
    if control == "active":
        return active_duration_s(procedure.active)
    return reactive_duration_s(procedure.reactive)


def judge(posture: Posture, procedure: SegmentalSpec, control: Control) -> Judgement:
    """The judgement of one trial of a kind of control."""
    if control == "static":
        return judge_static(posture, procedure.neutral, procedure.static)
    if control == "active":
        return judge_active(posture, procedure.neutral, procedure.active)
    return judge_reactive(posture, procedure.neutral, procedure.reactive)
