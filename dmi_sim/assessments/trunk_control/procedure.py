"""Segmental assessment of trunk control: which segments of head and trunk can a controller hold?

An examiner's hands support a sitting infant at one level of the trunk after the other, from the
head down. At each level the controller must keep the body above the hands upright: at rest, while
the infant turns its head, and after pushes. Simulation, not clinical evidence. After the SATCo
procedure; not the SATCo.
"""

from collections.abc import Mapping
from pathlib import Path

from dmi_sim.assessments import OnProgress
from dmi_sim.assessments.trunk_control.examiner import Examiner, trial_duration_s
from dmi_sim.assessments.trunk_control.result import (
    CONTROLS,
    Control,
    ControlFinding,
    LevelFinding,
    SegmentalFinding,
)
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env
from dmi_sim.spec.assessment import LevelSpec, SegmentalSpec
from dmi_sim.training.bundle import Setting
from dmi_sim.training.library import exercise_of, open_for_assessment


def segmental(
    controller: Controller | None,
    env: Env,
    procedure: SegmentalSpec,
    on_progress: OnProgress | None = None,
) -> SegmentalFinding:
    """Assess a controller at every level, in three independent tests.

    Deterministic: trials use the evaluation seeds, on which no policy is trained; they are the same
    in every test and at every level.

    Args:
        controller: Controller to assess; None for reflexes only (zero action).
        env: Environment of the procedure's exercise; it stays open.
        procedure: A file in ``models/assessments/segmental/``.
        on_progress: Called before each level.

    Raises:
        InputError: If the environment has another exercise, or its episodes are too short.
    """
    examiner = Examiner(controller, sitting_env(env, procedure), procedure)
    levels: list[LevelFinding] = []
    for number, level in enumerate(procedure.levels):
        if on_progress is not None:
            on_progress(number / len(procedure.levels), f"hands: {level.hands}")
        found: dict[Control, ControlFinding] = {}
        for control in CONTROLS:
            found[control] = examiner.assess(control, level)
        levels.append(LevelFinding(level, found))
    return SegmentalFinding(tuple(levels))


def segmental_bundle(
    source: str | Path | None,
    settings: Mapping[str, Setting],
    procedure: SegmentalSpec,
    on_progress: OnProgress | None = None,
    *,
    allow_other_exercise: bool = False,
) -> SegmentalFinding:
    """Assess a saved policy, another controller, or reflexes only.

    Args:
        source: A policy bundle, or what :func:`dmi_sim.training.foreign.load_foreign` takes; None
            for reflexes only.
        settings: Arguments of the environment that differ from those in training.
        procedure: A file in ``models/assessments/segmental/``.
        on_progress: Called before each level.
        allow_other_exercise: Whether the policy may be one of another exercise.

    Raises:
        InputError: If the bundle is incomplete or was trained in another exercise.
    """
    allowed, exercise = allow_other_exercise, procedure.exercise
    opened = open_for_assessment(source, exercise, settings, allow_other_exercise=allowed)
    with opened as (env, policy):
        return segmental(policy, env, procedure, on_progress)


def sitting_env(env: Env, procedure: SegmentalSpec) -> PostureEnv:
    """The environment inside its wrappers, if the infant sits in it as the procedure requires.

    Raises:
        InputError: If it has another exercise, is no environment of this package, or its episodes
            are shorter than a trial.
    """
    inner = exercise_of(env, procedure.exercise)
    longest_s = max(trial_duration_s(procedure, control) for control in CONTROLS)
    if longest_s > inner.build.spec.duration_s:
        has_s = inner.build.spec.duration_s
        raise InputError(
            f"a trial takes {longest_s:g} s, {procedure.exercise} is over after {has_s:g} s"
        )
    return inner


def level_at(procedure: SegmentalSpec, site: str) -> LevelSpec:
    """The level of a procedure with the hands at a site.

    Raises:
        InputError: If there is no such level.
    """
    known = {level.site: level for level in procedure.levels if level.site is not None}
    if site not in known:
        raise InputError(f"level: no '{site}' in this assessment; {did_you_mean(site, known)}")
    return known[site]
