"""An episode and its mirror image: the same actions left for right, from a start left for right."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.body.reflection import (
    ABOUT_FORWARD_LEFT_UP,
    AXES_MIRRORED,
    FORWARD_LEFT_UP,
    Reflection,
)
from dmi_sim.env import posture_env
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.cpg import PatternGenerator
from dmi_sim.env.exercise import Exercise
from dmi_sim.env.infant_setup import infant_setup
from dmi_sim.env.mirror import Mirror, mirror_of
from dmi_sim.env.perturbations import draw_platform_motion
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.start import Starts
from dmi_sim.physics.platform import PlatformMotion
from dmi_sim.physics.pose import Pose
from tests.env.episodes import quiet

_SPREAD_RAD = 0.035
_TURNED = Reflection.joined((ABOUT_FORWARD_LEFT_UP, Reflection.in_place((1,))))


@dataclass(frozen=True)
class _HalfACycleLater(PatternGenerator):
    def phase_rad(self, time_s: float) -> float:
        return super().phase_rad(time_s) + np.pi


def both_episodes(
    monkeypatch: pytest.MonkeyPatch, config: EnvConfig, steps: int, raised_m: float = 0.0
) -> tuple[NDArray[np.float32], NDArray[np.float32], Mirror]:
    """Observations of an episode without noise and of its mirror image, and the mirror.

    The solver of contacts is told to be exact: it takes them one after the other, in an order that
    no mirror turns round, and stops early by default.

    Args:
        monkeypatch: Sets the start and takes the noise away.
        config: The infant in the exercise.
        steps: Control steps.
        raised_m: How far above its start the infant is let go [m].
    """
    monkeypatch.setattr(posture_env, "build_env", quiet)
    env = PostureEnv(config)
    mirror = mirror_of(infant_setup(env.build))
    env.world.engine.use_high_accuracy_solver()
    shape = (steps, len(env.action_names))
    low, high = env.action_space.low, env.action_space.high  # type: ignore[attr-defined]
    actions = np.random.default_rng(5).uniform(low, high, shape).astype(np.float32)
    start = _some_start(env, raised_m)
    motion = _some_motion(env)
    seen = _played(monkeypatch, env, start, motion, actions)
    _ask_for_the_mirror_image(env)
    mirrored = _mirrored_pose(start), motion and _mirrored_motion(motion), mirror.actions(actions)
    seen_mirrored = _played(monkeypatch, env, *mirrored)
    env.close()
    return seen, seen_mirrored, mirror


def _played(
    monkeypatch: pytest.MonkeyPatch,
    env: PostureEnv,
    start: Pose,
    motion: PlatformMotion | None,
    actions: NDArray[np.float32],
) -> NDArray[np.float32]:
    monkeypatch.setattr(Starts, "draw", lambda *_: start)
    options: dict[str, Any] = {"steps_after_end": True}
    if motion:
        options["platform_motion"] = motion
    first = env.reset(seed=0, options=options)[0]
    return np.array([first, *(env.step(action)[0] for action in actions)])


def _some_start(env: PostureEnv, raised_m: float) -> Pose:
    """The start pose, each actuated axis somewhat bent."""
    pose, actuated = env.world.start, env.build.actuated
    bent: Vector = pose.angle_rad.copy()
    bent[actuated] += np.random.default_rng(1).normal(0, _SPREAD_RAD, actuated.size)
    raised = pose.pelvis_pos_world + np.array([0.0, 0.0, raised_m])
    return replace(pose, pelvis_pos_world=raised, angle_rad=bent)


def _mirrored_pose(pose: Pose) -> Pose:
    return Pose(
        FORWARD_LEFT_UP.of(pose.pelvis_pos_world),
        _TURNED.of(pose.pelvis_quat_world),
        AXES_MIRRORED.of(pose.angle_rad),
    )


def _some_motion(env: PostureEnv) -> PlatformMotion | None:
    spec, random = env.build.spec.platform, np.random.default_rng(3)
    return spec and draw_platform_motion(spec, 10.0, env.infant.length_m, random)


def _mirrored_motion(motion: PlatformMotion) -> PlatformMotion:
    keys = (
        key._replace(
            shift_m=(key.shift_m[0], -key.shift_m[1]), tilt_rad=(-key.tilt_rad[0], key.tilt_rad[1])
        )
        for key in motion.keys
    )
    return PlatformMotion(tuple(keys))


@dataclass(frozen=True)
class _InMirror(Exercise):
    def phase_rad(self, time_s: float) -> float | None:
        phase = super().phase_rad(time_s)
        return None if phase is None else phase + np.pi


def _ask_for_the_mirror_image(env: PostureEnv) -> None:
    """Ask for the other side, in a rhythm that begins half a cycle later, with its burst."""
    setup = env._setup  # pyright: ignore[reportPrivateUsage]
    exercise = setup.exercise
    cpg, (forward, left) = exercise.cpg, exercise.asked_velocity
    told = {one.name: getattr(exercise, one.name) for one in fields(exercise)}
    told["asked_velocity"] = (forward, -left)
    if cpg:
        told["cpg"] = _HalfACycleLater(cpg.rate_rad_s, cpg.is_cyclic, cpg.onset_rad, cpg.ramp_s)
    asked = replace(setup, exercise=_InMirror(**told))
    asked.__dict__["world"] = setup.world  # the one whose solver is exact
    env._setups.own = asked  # pyright: ignore[reportPrivateUsage]
