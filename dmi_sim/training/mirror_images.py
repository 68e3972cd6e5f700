"""Learning from what an infant did and from its mirror image together.

What is seen in a mirror would have happened just so, had the infant done the opposite: same reward,
same advantage. So one rollout tells of both sides.

A policy need not be symmetric; only for a symmetric one are its images a fair sample of what it
does. An image counts as if it had been drawn as its original was, with the same probability. One
that the policy would draw half as often, or twice, is no fair sample: its ratio is out of range
before anything is learnt, and with a negative advantage its gradient has no bound. In its place the
original counts twice. Of a policy that explores little and acts a little otherwise on either side,
nearly all images are so: with them it unlearnt within 60,000 steps whatever it went on with. Its
value of an image is its own.

This module imports torch; import it where a learner is built.

Source:
    Abdolhosseini et al. (2019), Motion, Interaction and Games, who double each tuple of practice;
    ``abdolhosseini2019``. Mittal et al. (2024), arXiv:2403.04359, who take the old probability of
    the action that was drawn; ``mittal2024``.
"""

import math
from collections.abc import Iterator

import torch
from stable_baselines3.common.buffers import RolloutBuffer
from stable_baselines3.common.type_aliases import RolloutBufferSamples
from torch import Tensor

from dmi_sim.env.infant_setup import infant_setup
from dmi_sim.env.mirror import Mirror, mirror_of
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.symmetry import asymmetries
from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import Env
from dmi_sim.training.plain_policy import PlainPolicy

_FAIR = math.log(2)
"""Logarithm of the ratio of probabilities up to which an image is a fair sample; assumed."""


def practice_mirror(env: Env) -> Mirror:
    """The mirror of the practice in an environment.

    Args:
        env: The environment.

    Raises:
        InputError: If its mirror image is not practice of the same infant at the same exercise.
    """
    inner = env.unwrapped
    if not isinstance(inner, PostureEnv):
        raise InputError(
            "training.mirror_images: only environments of DMI/ know their mirror image"
        )
    setup = infant_setup(inner.build)
    mirror = mirror_of(setup)
    lines = asymmetries(setup, mirror.action)
    shapes = (mirror.observation.size,), (mirror.action.size,)
    if shapes != (env.observation_space.shape, env.action_space.shape):
        lines = (*lines, "a wrapper changes what is sensed or done")
    if lines:
        raise InputError(*(f"training.mirror_images: {line}" for line in lines))
    return mirror


def with_mirror_images(
    buffer: RolloutBuffer, mirror: Mirror, before: PlainPolicy
) -> RolloutBufferSamples:
    """A rollout of n steps, in any order, and then their mirror images in the same; 2 n rows.

    In place of an image that is no fair sample its original stands once more.

    Args:
        buffer: The rollout.
        mirror: Gives the mirror images.
        before: The policy that collected it, through which no gradient flows.
    """
    seen = next(buffer.get())
    observations = torch.from_numpy(mirror.observations(seen.observations.numpy()))
    actions = torch.from_numpy(mirror.actions(seen.actions.numpy()))
    values, log_prob, *_ = before.evaluate(observations, actions)
    is_fair = torch.abs(log_prob - seen.old_log_prob) < _FAIR
    images = seen._replace(observations=observations, actions=actions, old_values=values.flatten())
    doubled = (_with_fair(one, image, is_fair) for one, image in zip(seen, images, strict=True))
    return RolloutBufferSamples(*doubled)


def _with_fair(originals: Tensor, images: Tensor, is_fair: Tensor) -> Tensor:
    """The originals, and below them their images where they are fair; again themselves if not."""
    rows = is_fair.view(-1, *[1] * (images.dim() - 1))
    return torch.cat((originals, torch.where(rows, images, originals)))


def mirrored_batches(rows: RolloutBufferSamples, batch_size: int) -> Iterator[RolloutBufferSamples]:
    """Batches of so many steps at random, each with their mirror images; all steps once.

    Args:
        rows: What :func:`with_mirror_images` gives.
        batch_size: Steps of a batch, which has twice as many rows.
    """
    count = len(rows.returns) // 2
    for chosen in torch.randperm(count).split(batch_size):
        both = torch.cat((chosen, chosen + count))
        yield RolloutBufferSamples(*(column[both] for column in rows))
