"""What an infant senses and does, seen in a mirror: left for right.

An infant that is mirrored, in a mirrored place, sends mirrored observations; if its actions are
mirrored too, it goes on as in a mirror. A rhythm is half a cycle later: where the left leg would
begin its burst, the right one does.
"""

from dataclasses import dataclass

from numpy.typing import NDArray

from dmi_sim.anatomy import AXES
from dmi_sim.body.reflection import Number, Reflection
from dmi_sim.env.infant_setup import InfantSetup
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.errors import InputError


@dataclass(frozen=True, eq=False)
class Mirror:
    """The mirror image of all that passes between an infant and its controller.

    Attributes:
        observation: Where each number of a mirrored observation is found, and with which sign.
        action: The same of an action.
    """

    observation: Reflection
    action: Reflection

    def observations(self, batch: NDArray[Number]) -> NDArray[Number]:
        """The mirror images of observations, shape (..., n)."""
        return self.observation.of(batch)

    def actions(self, batch: NDArray[Number]) -> NDArray[Number]:
        """The mirror images of actions, shape (..., n_actions)."""
        return self.action.of(batch)


def mirror_of(setup: InfantSetup) -> Mirror:
    """The mirror of an infant in an exercise.

    Args:
        setup: The infant in the exercise; only what is sensed and moved counts, not who it is.

    Raises:
        InputError: If an action has no mirror image, or an observation does not tell its own.
    """
    actions = _of_actions(setup)
    joints = _of_actuated_axes(setup)
    parts = [_of_observation(name, joints, actions) for name in setup.build.spec.observations]
    return Mirror(Reflection.joined(parts), actions)


def _of_actions(setup: InfantSetup) -> Reflection:
    mode, mirrored = setup.build.config.action_mode, setup.actions.mirror
    if mirrored is None:
        raise InputError(f"action mode '{mode}' does not tell the mirror image of its actions")
    try:
        return mirrored()
    except InputError as error:
        raise InputError(f"actions of {setup.build.config.exercise}: {error}") from None


def _of_actuated_axes(setup: InfantSetup) -> Reflection:
    axes = [AXES[i] for i in setup.build.actuated]
    try:
        return Reflection.of_names([a.label for a in axes], [a.mirror_sign for a in axes])
    except InputError as error:
        raise InputError(f"axes that {setup.build.config.exercise} moves: {error}") from None


def _of_observation(name: str, joints: Reflection, actions: Reflection) -> Reflection:
    term = OBSERVATIONS[name]
    if term.mirror is None:
        raise InputError(
            f"observation '{name}' does not tell its mirror image: register it with mirror="
        )
    mirrored, size = term.mirror(joints, actions), term.size(joints.size, actions.size)
    if mirrored.size != size:
        told = f"mirror gives {mirrored.size} numbers, not the {size} that it has"
        raise InputError(f"observation '{name}': {told}")
    return mirrored
