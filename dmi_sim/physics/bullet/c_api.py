"""Bullet's C interface, which the pybullet wheel exports beside its Python module.

Through it compiled code can talk to a world without a Python object in between. A build of pybullet
may hide these symbols; then :func:`library` gives None, and pybullet's own functions do the work.

Names and arguments are those of ``examples/SharedMemory/PhysicsClientC_API.h`` in Bullet's sources.
"""

import ctypes
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

SIGNATURES: Mapping[str, str] = {
    "b3ConnectPhysicsDirect": "p",
    "b3DisconnectSharedMemory": "v p",
    "b3SubmitClientCommandAndWaitStatus": "p pp",
    "b3GetStatusBodyIndex": "i p",
    "b3GetStatusCollisionShapeUniqueId": "i p",
    "b3GetStatusGetStateId": "i p",
    "b3InitResetSimulationCommand": "p p",
    "b3InitPhysicsParamCommand": "p p",
    "b3PhysicsParamSetTimeStep": "i pd",
    "b3PhysicsParamSetGravity": "i pddd",
    "b3PhysicsParamSetNumSolverIterations": "i pi",
    "b3PhysicsParamSetSolverResidualThreshold": "i pd",
    "b3PhysicsParamSetEnableFileCaching": "i pi",
    "b3PhysicsParameterSetDeterministicOverlappingPairs": "i pi",
    "b3CreateCollisionShapeCommandInit": "p p",
    "b3CreateCollisionShapeAddBox": "i pp",
    "b3CreateCollisionShapeAddCapsule": "i pdd",
    "b3CreateMultiBodyCommandInit": "p p",
    "b3CreateMultiBodyBase": "i pdiipppp",
    "b3LoadUrdfCommandInit": "p ps",
    "b3LoadUrdfCommandSetFlags": "i pi",
    "b3LoadUrdfCommandSetStartPosition": "i pddd",
    "b3LoadUrdfCommandSetStartOrientation": "i pdddd",
    "b3GetNumJoints": "i pi",
    "b3GetJointInfo": "i piip",
    "b3InitChangeDynamicsInfo": "p p",
    "b3ChangeDynamicsInfoSetLateralFriction": "i piid",
    "b3ChangeDynamicsInfoSetLinearDamping": "i pid",
    "b3ChangeDynamicsInfoSetAngularDamping": "i pid",
    "b3ChangeDynamicsInfoSetJointDamping": "i piid",
    "b3CollisionFilterCommandInit": "p p",
    "b3SetCollisionFilterGroupMask": "v piiii",
    "b3InitPerformCollisionDetectionCommand": "p p",
    "b3SaveStateCommandInit": "p p",
    "b3LoadStateCommandInit": "p p",
    "b3LoadStateSetStateId": "i pi",
    "b3InitStepSimulationCommand": "p p",
    "b3CreatePoseCommandInit": "p pi",
    "b3CreatePoseCommandSetBasePosition": "i pddd",
    "b3CreatePoseCommandSetBaseOrientation": "i pdddd",
    "b3CreatePoseCommandSetBaseLinearVelocity": "i pp",
    "b3CreatePoseCommandSetBaseAngularVelocity": "i pp",
    "b3CreatePoseCommandSetQ": "i pipp",
    "b3CreatePoseCommandSetQdots": "i pipp",
    "b3JointControlCommandInit2": "p pii",
    "b3JointControlSetDesiredPosition": "i pid",
    "b3JointControlSetDesiredPositionMultiDof": "i pipi",
    "b3JointControlSetDesiredVelocity": "i pid",
    "b3JointControlSetKp": "i pid",
    "b3JointControlSetKd": "i pid",
    "b3JointControlSetDamping": "i pid",
    "b3JointControlSetMaximumForce": "i pid",
    "b3JointControlSetDesiredForceTorqueMultiDof": "i pipi",
    "b3RequestActualStateCommandInit": "p pi",
    "b3GetStatusActualState": "i pppppppp",
    "b3ApplyExternalForceCommandInit": "p p",
    "b3ApplyExternalForce": "v piippi",
    "b3ApplyExternalTorque": "v piipi",
    "b3InitRequestContactPointInformation": "p p",
    "b3SetContactFilterBodyA": "v pi",
    "b3GetContactPointInformation": "v pp",
}
"""Result and arguments of each function: p pointer, i int, d double, s text, v nothing."""

_TYPES: Mapping[str, Any] = {
    "p": ctypes.c_void_p,
    "i": ctypes.c_int,
    "d": ctypes.c_double,
    "s": ctypes.c_char_p,
    "v": None,
}

TORQUE_CONTROL = 1
POSITION_CONTROL = 2
VELOCITY_CONTROL = 0
WORLD_FRAME = 2
SPHERICAL_JOINT = 2
USE_INERTIA_FROM_FILE = 2
USE_SELF_COLLISION = 8
IGNORE_VISUAL_SHAPES = 1 << 20


class JointInfo(ctypes.Structure):
    """The beginning of Bullet's ``b3JointInfo``, with room for the rest."""

    _fields_ = (
        ("link_name", ctypes.c_char * 1024),
        ("joint_name", ctypes.c_char * 1024),
        ("joint_type", ctypes.c_int),
        ("q_index", ctypes.c_int),
        ("u_index", ctypes.c_int),
        ("rest", ctypes.c_byte * 1024),
    )


CONTACT_POINT = np.dtype(
    [
        ("flags", np.int32),
        ("body_a", np.int32),
        ("body_b", np.int32),
        ("link_a", np.int32),
        ("link_b", np.int32),
        ("pos_on_a", np.float64, 3),
        ("pos_on_b", np.float64, 3),
        ("normal", np.float64, 3),
        ("distance", np.float64),
        ("normal_force", np.float64),
        ("friction_force_1", np.float64),
        ("friction_force_2", np.float64),
        ("friction_direction_1", np.float64, 3),
        ("friction_direction_2", np.float64, 3),
    ],
    align=True,
)
"""Bullet's ``b3ContactPointData``."""


class ContactInformation(ctypes.Structure):
    """Bullet's ``b3ContactInformation``."""

    _fields_ = (("count", ctypes.c_int), ("points", ctypes.c_void_p))


@cache
def library() -> Any:
    """The functions of :data:`SIGNATURES`; None where this build of pybullet hides one of them."""
    path = bullet_path()
    if path is None:
        return None
    found = ctypes.PyDLL(path)
    if not all(hasattr(found, name) for name in SIGNATURES):
        return None
    for name, signature in SIGNATURES.items():
        result, _, arguments = signature.partition(" ")
        function = getattr(found, name)
        function.restype = _TYPES[result]
        function.argtypes = [_TYPES[one] for one in arguments]
    return found


def bullet_path() -> str | None:
    """The file of pybullet's compiled module; None where it is not one file."""
    spec = find_spec("pybullet")
    return spec.origin if spec is not None else None
