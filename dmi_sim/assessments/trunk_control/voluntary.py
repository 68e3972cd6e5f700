"""Voluntary movements of an infant, added to the command of its controller."""

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.assessments.trunk_control.judgement import movement_times_s
from dmi_sim.env.posture_env import Voluntary
from dmi_sim.muscle.groups import Muscles
from dmi_sim.nervous.motor_command import SILENT_LENGTH, MotorCommand
from dmi_sim.physics.state import State
from dmi_sim.spec.assessment import ActiveSpec, MovementSpec

_REGULARISATION = 0.05
"""Weight of the activations themselves in the pattern of a movement; spreads it over synergists."""


def voluntary_movements(test: ActiveSpec, muscles: Muscles) -> Voluntary:
    """The movements of an active test, added to the command of any controller.

    The lengths that the stretch reflexes defend shift to those of the wanted posture (equilibrium
    point), and muscles pull towards it. Muscles that turn a joint about one axis also bend it
    about others, so several act together in a pattern whose other torques cancel. The movement has
    no feedback: only the controller keeps the posture upright meanwhile.

    Args:
        test: Movements and their times.
        muscles: Muscles of the infant.

    Source:
        Feldman (1986), J. Mot. Behav. 18, 17-54, ``feldman1986`` in models/references.yaml.
    """
    lengths_per_rad = muscles.moment_arms_m / np.array([muscles.optimal_length_m]).T
    effort = {
        name: test.effort.value * _pattern(movement, muscles)
        for name, movement in test.movements.items()
    }

    def voluntary(state: State, command: MotorCommand) -> MotorCommand:
        levels = movement_levels(test, state.time_s)
        wanted = sum(levels[name] * movement_rad(one) for name, one in test.movements.items())
        drive = sum(levels[name] * own for name, own in effort.items())
        is_awake = command.length < SILENT_LENGTH
        shorter = np.where(is_awake, lengths_per_rad @ wanted, 0.0)
        return MotorCommand(np.minimum(command.excitation + drive, 1.0), command.length - shorter)

    return voluntary


def movement_levels(test: ActiveSpec, time_s: float) -> dict[str, float]:
    """The progress of each movement, from 0 at rest to 1 at its full extent."""
    edges = np.cumsum([0.0, test.ramp.value, test.stay.value, test.ramp.value])
    return {
        name: float(np.interp(time_s - begin, edges, [0.0, 1.0, 1.0, 0.0]))
        for name, (begin, _) in movement_times_s(test).items()
    }


def movement_rad(movement: MovementSpec) -> Vector:
    """The joint angles of a movement at its full extent, relative to rest [rad], shape (34,)."""
    out = np.zeros(len(AXES))
    for label, degrees in movement.axes_deg.items():
        out[AXIS_INDEX[label]] = np.radians(degrees)
    return out


def _pattern(movement: MovementSpec, muscles: Muscles) -> Vector:
    """The excitations, the largest 1, that turn the joints in one direction only, shape (n,)."""
    from scipy.optimize import nnls

    # Least squares with the excitations >= 0: torques along the direction, and little excitation.
    direction = movement_rad(movement)
    joints = {AXES[i].joint for i in np.flatnonzero(direction)}
    torque = muscles.moment_arms_m.T * np.array(muscles.peak_force_n)
    is_near = np.abs(torque[[axis.joint in joints for axis in AXES]]).max(axis=0) > 0
    torque = torque * is_near / np.abs(torque[:, is_near]).max()
    count = torque.shape[1]
    target = np.concatenate([direction / np.linalg.norm(direction), np.zeros(count)])
    share, _ = nnls(np.vstack([torque, _REGULARISATION * np.eye(count)]), target)
    return share / share.max()
