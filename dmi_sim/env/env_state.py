"""The state of an environment as what led to it: start, options, actions and interventions.

Bullet's own snapshots leave out the order in which contacts came about, and where a segment carries
several contact spheres an episode goes on otherwise, in the last digits at first, from a snapshot
than from the state itself. Episodes are the same to the bit whenever they are played again, so a
state is played again. It fits into any process, and it costs as long as its episode has lasted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.episode import Episode
from dmi_sim.env.interventions import Intervention
from dmi_sim.errors import InputError

Deed: TypeAlias = Vector | Intervention
"""What moved an episode on: the action of a control step, or an intervention."""


@dataclass(frozen=True, eq=False)
class EnvState:
    """The state of an environment in the middle of an episode.

    Attributes:
        config: Configuration that the environment was made with.
        random_state: State of the random numbers when the episode began.
        options: Options of its reset.
        deeds: Steps and interventions since then, in order.
    """

    config: EnvConfig
    random_state: Mapping[str, Any]
    options: Mapping[str, Any]
    deeds: tuple[Deed, ...]

    @property
    def steps(self) -> int:
        """Number of control steps since the reset."""
        return sum(isinstance(deed, np.ndarray) for deed in self.deeds)


def replay(episode: Episode, deeds: Iterable[Deed], random: np.random.Generator) -> None:
    """Play an episode that has just begun again.

    Args:
        episode: The episode.
        deeds: What was done in it, in order.
        random: Source of all noise, as it was when the episode had begun.
    """
    episode.observe(random)
    for deed in deeds:
        if isinstance(deed, np.ndarray):
            episode.advance(deed, random)
            episode.observe(random)
        else:
            deed.act_on(episode)


def require_state_of(state: object, config: EnvConfig) -> None:
    """Refuse a state that does not belong to an environment.

    Args:
        state: What a user gave.
        config: Configuration of the environment.

    Raises:
        InputError: If it is no state, or of an environment that was made in another way.
    """
    if not isinstance(state, EnvState):
        raise InputError(f"state: {state!r} is none that get_state() gave")
    if state.config != config:
        raise InputError(f"state: of {state.config}, which does not fit {config}")
