"""Hand-made steps for terms and observations."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args, get_origin

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import matrix_of, quaternion_of
from dmi_sim.env.contact_history import ContactHistory
from dmi_sim.env.context import StepContext
from dmi_sim.env.surface import surface_of
from dmi_sim.infant import Infant
from dmi_sim.physics.state import State
from dmi_sim.registry import parameters_of

ACTUATED = np.array([1, 4, 20])
N_MUSCLES = 70
SURFACE = surface_of(Infant.from_spec(7.0))


def still_state(**changes: Any) -> State:
    """An upright body at rest, all segments at the origin, with some fields changed."""
    state = State(
        time_s=0.0,
        segment_pos_world=np.zeros((15, 3)),
        segment_quat_world=np.tile([0.0, 0.0, 0.0, 1.0], (15, 1)),
        segment_matrix_world=np.tile(np.eye(3), (15, 1, 1)),
        segment_angular_velocity_own=np.zeros((15, 3)),
        joint_angle_rad=np.zeros(34),
        joint_velocity_rad_s=np.zeros(34),
        activation=np.zeros(N_MUSCLES),
        com_m=np.array([0.0, 0.0, 0.2]),
        com_velocity_m_s=np.zeros(3),
        head_height_m=0.4,
        upright_rad=0.0,
        support_force_n=0.0,
        support_share=0.0,
        support_pos_world=np.zeros((0, 3)),
        support_force_world=np.zeros((0, 3)),
        push_force_world=np.zeros(3),
        push_pos_world=np.zeros(3),
    )
    return replace(state, **changes)


def make_context(
    state: State | None = None,
    action: Vector | None = None,
    last_action: Vector | None = None,
    *,
    joints: Vector | None = None,
    contact_force: Vector | None = None,
    has_fallen: bool = False,
    history: ContactHistory | None = None,
    cpg_phase_rad: float | None = None,
) -> StepContext:
    """A step of an infant of 0.7 m with two actions; at rest unless told otherwise.

    Joints are felt as they are in the state unless told otherwise; without a history nothing was
    touched.
    """
    now = state or still_state()
    return StepContext(
        state=now,
        start=still_state(),
        action=np.zeros(2) if action is None else action,
        last_action=np.zeros(2) if last_action is None else last_action,
        joints=np.array([now.joint_angle_rad, now.joint_velocity_rad_s])
        if joints is None
        else joints,
        read_contact_force=lambda: np.zeros(15) if contact_force is None else contact_force,
        actuated=ACTUATED,
        body_length_m=0.7,
        surface=SURFACE,
        history=history or ContactHistory(),
        has_fallen=has_fallen,
        cpg_phase_rad=cpg_phase_rad,
    )


def turned(attitude: tuple[float, float, float]) -> Vector:
    """Rotation matrices (15, 3, 3) of a body turned as a whole."""
    return np.tile(matrix_of(quaternion_of(np.array(attitude))), (15, 1, 1))


def random_state(seed: int) -> State:
    """A state of no particular posture."""
    random = np.random.default_rng(seed)
    quats = [quaternion_of(random.normal(0, 0.5, 3)) for _ in range(15)]
    return still_state(
        segment_pos_world=random.normal(0, 0.2, (15, 3)),
        segment_matrix_world=np.array([matrix_of(quat) for quat in quats]),
        segment_angular_velocity_own=random.normal(size=(15, 3)),
        joint_angle_rad=random.normal(0, 0.3, 34),
        joint_velocity_rad_s=random.normal(size=34),
        activation=random.uniform(size=N_MUSCLES),
        com_m=random.normal(0, 0.1, 3),
        com_velocity_m_s=random.normal(size=3),
        upright_rad=float(random.uniform(0, 1)),
    )


def seen_from(state: State, heading_rad: float, place: Vector) -> State:
    """The same body elsewhere in the room, facing another way."""
    turn = matrix_of(quaternion_of(np.array([0.0, 0.0, heading_rad])))
    return replace(
        state,
        segment_pos_world=state.segment_pos_world @ turn.T + place,
        segment_matrix_world=turn @ state.segment_matrix_world,
        com_m=turn @ state.com_m + place,
        com_velocity_m_s=turn @ state.com_velocity_m_s,
    )


def params_of(function: Callable[..., object], number: float) -> dict[str, Any]:
    """Some parameters that fit a term: the head or another word, pelvis and head, or numbers."""
    kinds = enumerate(parameters_of(function).items())
    return {name: _some(kind, number + 0.05 * place) for place, (name, kind) in kinds}


def _some(kind: Any, number: float) -> object:
    inner = get_args(kind)
    if get_origin(kind) is tuple:
        return ("pelvis", "head")
    if inner and isinstance(inner[0], str):
        return "head" if "head" in inner else inner[0]
    return number
