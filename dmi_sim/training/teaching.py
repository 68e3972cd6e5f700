"""Learning from teachers: policies that can do an exercise, each asked what it would do instead.

A learner practises as ever, by its own commands and out of its own mistakes. Wherever it comes in
an exercise that has a teacher, the distance from what it would do to what the teacher would counts
in its loss, less and less as training goes on. So skills that different policies learnt come into
one, which then goes on by itself.

This module imports torch; import it where a learner is built.

Source:
    Schmitt et al. (2018), arXiv:1803.03835, ``schmitt2018``: the divergence from a teacher beside
    the aim of the learner, with a weight that falls. It is that of two Gaussians of the learner's
    spread, so that a distance counts by how far the learner's own trials go.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from dmi_sim.env.exercise import cue_place
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import Env
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import read_policy, require_fit
from dmi_sim.training.interface import policy_interface, practised_exercise
from dmi_sim.training.plain_policy import PlainPolicy, acting_policy


@dataclass(frozen=True)
class Teaching:
    """The teachers of a learner.

    Attributes:
        teachers: Place in an observation that is 1 in the exercise of a teacher, and the teacher.
        coef_at: Gives the weight of the divergence in the loss after some steps of training.
    """

    teachers: tuple[tuple[int, PlainPolicy], ...]
    coef_at: Callable[[int], float]

    def divergence(self, observations: Tensor, mean: Tensor, log_sd: Tensor) -> Tensor:
        """The mean divergence of what a learner does from what its teachers would do [nats].

        Steps of exercises without a teacher count as zero.

        Args:
            observations: What was seen, shape (n, n_observations).
            mean: Mean action of the learner, shape (n, n_actions).
            log_sd: Logarithm of its spread, shape (n_actions,); no gradient flows through it.
        """
        precision = torch.exp(-2 * log_sd.detach())
        total = mean.new_zeros(())
        for place, teacher in self.teachers:
            taught = observations[:, place] > 0.5
            with torch.no_grad():
                shown = teacher.means(observations[taught]).clamp(-1, 1)
            total = total + (precision * (mean[taught] - shown) ** 2).sum() / 2
        return total / len(mean)


def teaching_of(
    teachers: Mapping[str, Path], envs: Sequence[Env], training: TrainingSpec
) -> Teaching | None:
    """The teachers of a training; None if there are none.

    Args:
        teachers: Bundle of the teacher of each exercise, by its name.
        envs: An environment of everything that is practised.
        training: Settings, for how much teaching counts.

    Raises:
        InputError: If a teacher is no whole bundle or does not see and move what the learner does,
            or the cue of an exercise that is taught is that of another one too.
    """
    if not teachers:
        return None
    practised = {practised_exercise(env).name: env for env in envs}
    places = {name: _cue_place(env) for name, env in practised.items()}
    shared = [name for name in teachers if [*places.values()].count(places[name]) > 1]
    if shared:
        raise InputError(*(f"teachers.{name}: another exercise has its cue" for name in shared))
    found = ((places[name], _teacher(bundle, practised[name])) for name, bundle in teachers.items())
    return Teaching(tuple(found), training.teaching_coef_at)


def _teacher(bundle: Path, env: Env) -> PlainPolicy:
    require_fit(bundle, env, allow_other_exercise=True)
    policy = read_policy(bundle)
    if policy.output != "clip":
        raise InputError(f"{bundle}: trained by SAC or TD3; such a policy cannot teach PPO")
    return acting_policy(policy)


def _cue_place(env: Env) -> int:
    """The place of the cue of an exercise in an observation."""
    inner = env.unwrapped
    if not isinstance(inner, PostureEnv):
        raise InputError("teachers: only environments of DMI/ have a cue")
    name = f"cue[{cue_place(inner.build.config.exercise, inner.build.spec)}]"
    return policy_interface(env).observations.index(name)
