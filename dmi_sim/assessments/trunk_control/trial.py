"""One trial: an infant in an examiner's hands, pushed or moving at set times."""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from dmi_sim.assessments.trunk_control.judgement import push_times_s
from dmi_sim.env.posture_env import PostureEnv, Voluntary
from dmi_sim.physics.push import Push, horizontal_push
from dmi_sim.physics.state import State
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.episode import episode
from dmi_sim.spec.assessment import PushSide, ReactiveSpec

_HEADING_RAD: dict[PushSide, float] = {
    "front": np.pi,
    "back": 0.0,
    "left": -np.pi / 2,
    "right": np.pi / 2,
}
"""Direction of a push from each side [rad]: 0 is forward, pi/2 is to the left."""


@dataclass(frozen=True)
class TrialScript:
    """The conditions of a trial.

    Attributes:
        site: Site of the hands.
        strength: Strength of the hands, 0 to 1.
        duration_s: Duration [s]; a fall ends it sooner.
        pushes: Pushes during the trial.
        voluntary: Voluntary movement, added to the command of the controller.
    """

    site: str
    strength: float
    duration_s: float
    pushes: tuple[Push, ...] = ()
    voluntary: Voluntary | None = None


def simulate_trial(
    env: PostureEnv, controller: Controller | None, seed: int, script: TrialScript
) -> list[State]:
    """Simulate a trial and give its states, from the start on, one per control step.

    The trial ends when its time is up or the episode ends; success does not end it.

    Args:
        env: Environment of the trial; it stays open.
        controller: Controller that acts; None for reflexes only (zero action).
        seed: Seed of the start and of all noise.
        script: Conditions of the trial.
    """
    options = {
        "support": script.site,
        "support_strength": script.strength,
        "push_schedule": script.pushes,
        "voluntary": script.voluntary,
    }
    steps = round(script.duration_s * env.build.spec.control_hz)
    return [env.state for _ in islice(episode(env, controller, seed, options), 1 + steps)]


def pushes_of(test: ReactiveSpec, segment: int, mass_kg: float) -> tuple[Push, ...]:
    """The pushes of a reactive test, one from each side.

    Args:
        test: Times and strength of the pushes.
        segment: Index of the segment that is pushed.
        mass_kg: Body mass of the infant [kg].
    """
    impulse = test.speed.value * mass_kg
    return tuple(
        horizontal_push(segment, at, test.duration.value, impulse, _HEADING_RAD[side])
        for side, at in push_times_s(test).items()
    )
