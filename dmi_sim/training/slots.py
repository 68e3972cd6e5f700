"""Slots: the environments of a training, of which each keeps what it was made for.

Environments that are made alike form a group. The infant of a group has one progress on the support
schedule of that group, whichever of its slots it practises in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from dmi_sim.env.support_curriculum import SupportProgress, with_support_curriculum
from dmi_sim.rollout.environment import Env, control_hz
from dmi_sim.spec.training import TrainingSpec

MakeEnv: TypeAlias = Callable[[], Env]
"""Makes a new environment at each call."""


@dataclass(frozen=True)
class SlotGroup:
    """Environments of a training that practise the same thing.

    Attributes:
        makes: Makes the environment of each slot.
        progress: How far the infant has come on the support schedule of the group.
    """

    makes: tuple[MakeEnv, ...]
    progress: SupportProgress = field(default_factory=SupportProgress)


def slot_groups(make_env: MakeEnv | Sequence[SlotGroup], n_envs: int) -> tuple[SlotGroup, ...]:
    """The groups of a training; one of environments that are all alike if there are none.

    Args:
        make_env: Makes an environment, or groups.
        n_envs: Number of environments that are all alike.
    """
    return (SlotGroup((make_env,) * n_envs),) if callable(make_env) else tuple(make_env)


def held_makes(groups: Sequence[SlotGroup], training: TrainingSpec) -> Iterator[MakeEnv]:
    """Makes the environment of each slot with hands that follow the progress of its group.

    Args:
        groups: Groups in the order of the environments.
        training: Settings, for the practice that is planned.
    """
    for group in groups:
        share = len(group.makes) / training.n_envs
        for make in group.makes:
            yield partial(_make_held, make, training.total_steps * share, group.progress)


def first_of_each(groups: Sequence[SlotGroup], envs: Sequence[Env]) -> tuple[Env, ...]:
    """The environment of the first slot of each group.

    >>> from types import SimpleNamespace as Group
    >>> first_of_each([Group(makes=(1, 1)), Group(makes=(1,))], ["a", "b", "c"])
    ('a', 'c')
    """
    found: list[Env] = []
    place = 0
    for group in groups:
        found.append(envs[place])
        place += len(group.makes)
    return tuple(found)


def _make_held(make_env: MakeEnv, total_steps: float, progress: SupportProgress) -> Env:
    """A new environment in whose episodes hands do what its schedule says at this progress."""
    env = make_env()
    return with_support_curriculum(env, progress, total_steps / control_hz(env) / 3600)
