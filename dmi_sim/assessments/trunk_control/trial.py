"""One trial: an infant in an examiner's hands, pushed or moving at set times."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.assessments.trunk_control.judgement import push_times_s
from dmi_sim.env.posture_env import PostureEnv, Voluntary
from dmi_sim.physics.push import Push, horizontal_push
from dmi_sim.physics.state import State
from dmi_sim.rollout.recorder import ZeroAction
from dmi_sim.spec.assessment import PushSide, ReactiveSpec
from dmi_sim.training.policy import Policy

_HEADING_RAD: dict[PushSide, float] = {
    "front": np.pi,
    "back": 0.0,
    "left": -np.pi / 2,
    "right": np.pi / 2,
}
"""Where a push from a side goes: 0 is forward, a quarter turn is to the left."""


@dataclass(frozen=True)
class TrialScript:
    """What happens in a trial.

    Attributes:
        site: Where the hands hold.
        strength: Of the hands, 0 to 1.
        lasts_s: When it is over [s]; a fall ends it sooner.
        pushes: Pushes to come.
        voluntary: What the infant itself adds to the command of its controller.
    """

    site: str
    strength: float
    lasts_s: float
    pushes: tuple[Push, ...] = ()
    voluntary: Voluntary | None = None


def play(env: PostureEnv, policy: Policy | None, seed: int, script: TrialScript) -> list[State]:
    """States from the start of a trial to its end, one per control step.

    Args:
        env: Where; it stays open.
        policy: What acts; None for reflexes only (zero action).
        seed: Of the start and of all noise.
        script: What happens.
    """
    actor = policy or ZeroAction(np.zeros(env.action_space.shape or (), dtype=np.float32))
    options = {
        "support": script.site,
        "support_strength": script.strength,
        "push_schedule": script.pushes,
        "voluntary": script.voluntary,
    }
    observation, _ = env.reset(seed=seed, options=options)
    states = [env.state]
    for _ in range(round(script.lasts_s * env.build.spec.control_hz)):
        observation, _, terminated, truncated, _ = env.step(actor.predict(observation))
        states.append(env.state)
        if terminated or truncated:
            break
    return states


def pushes_of(test: ReactiveSpec, segment: int, mass_kg: float) -> tuple[Push, ...]:
    """The pushes of a reactive test, one from each side.

    Args:
        test: When and how hard.
        segment: Index of the segment that is pushed.
        mass_kg: Of the infant.
    """
    impulse = test.speed.value * mass_kg
    return tuple(
        horizontal_push(segment, at, test.duration.value, impulse, _HEADING_RAD[side])
        for side, at in push_times_s(test).items()
    )
