"""The state of an environment as what led to it: start, options, actions and interventions.

Bullet's own snapshots leave out the order in which contacts came about, and where a segment carries
several contact spheres an episode goes on otherwise, in the last digits at first, from a snapshot
than from the state itself. Episodes are the same to the bit whenever they are played again, so a
state is played again. It fits into any process, and it costs as long as its episode has lasted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dmi_sim.env.config import EnvConfig
from dmi_sim.errors import InputError

Deed = tuple[str, tuple[Any, ...]]
"""Name of a method of the environment that was called, and its arguments."""


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
        return sum(name == "step" for name, _ in self.deeds)


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
