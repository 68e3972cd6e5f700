"""Standard URDF: other tools read it, and find the infant's mass, shape and movement in it."""

from importlib import import_module
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from dmi_sim.anatomy import AXES, AXIS_INDEX, SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import centre_of_mass, inertial_params, segment_poses
from dmi_sim.body.rotation import product, quaternion_of
from dmi_sim.body.urdf import ORDER, joint_name
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from tests.body.peer import mujoco

INFANTS = [
    Infant.from_spec(0, "female"),
    Infant.from_spec(7, "male"),
    Infant.from_spec(24, "female", length_z=-5, weight_z=5),
    Infant.from_spec(12, condition="spinal_cord_lesion", severity=1.0),
]
LEVEL = np.array([0.0, 0.0, 0.0, 1.0])
POSES = [np.zeros(34), *np.random.default_rng(5).uniform(-1.2, 1.2, (3, 34))]
"""Angles of the revolute joints [rad], in the order of the axes."""

parametrise_infants = pytest.mark.parametrize("infant", INFANTS, ids=str)
parametrise_poses = pytest.mark.parametrize("pose", POSES, ids=("straight", "a", "b", "c"))


def tool(name: str) -> Any:
    """Another reader of URDF; its compiled modules have no type stubs."""
    return pytest.importorskip(name, reason=f"{name} is not installed; pip install 'dmi-sim[dev]'")


def turned(joint: str, pose: Vector) -> Vector:
    """Orientation of a child in its parent: the three turns one after the other."""
    out = LEVEL
    for name in ORDER:
        for axis in (axis for axis in AXES if axis.joint == joint and axis.name == name):
            theta = np.zeros(3)
            theta[axis.component] = axis.sign * pose[AXIS_INDEX[axis.label]]
            out = product(out, quaternion_of(theta))
    return out


def own_poses(infant: Infant, pose: Vector) -> tuple[Vector, Vector]:
    """Origins [m] and rotation matrices of all segments, by our own kinematics."""
    joints = np.array([turned(node.joint, pose) for node in SEGMENTS[1:]])
    body = inertial_params(infant.ordered_segments)
    pos, _, matrix = segment_poses(np.zeros(3), LEVEL, joints, body.joint_m)
    return pos, matrix


def own_centre_of_mass(infant: Infant, pose: Vector) -> Vector:
    pos, matrix = own_poses(infant, pose)
    body = inertial_params(infant.ordered_segments)
    return centre_of_mass(pos, matrix, 0 * pos, 0 * pos, body.com_m, body.mass_kg)[0]


def own_inertia(infant: Infant, pose: Vector) -> Vector:
    """Inertia of the whole body about its centre of mass [kg m2], with the inertia floor."""
    pos, matrix = own_poses(infant, pose)
    body, out = inertial_params(infant.ordered_segments), np.zeros((3, 3))
    centre = own_centre_of_mass(infant, pose)
    for s, mass in enumerate(body.mass_kg):
        d = pos[s] + matrix[s] @ body.com_m[s] - centre
        out += matrix[s] @ np.diag(body.inertia_kgm2[s]) @ matrix[s].T
        out += mass * (d @ d * np.eye(3) - np.outer(d, d))
    return out


def in_pinocchio(infant: Infant, pose: Vector) -> tuple[Any, Any, Vector]:
    """Model and data of pinocchio with a free pelvis, and the configuration of a pose."""
    pin = tool("pinocchio")
    model = pin.buildModelFromXML(infant.urdf(), pin.JointModelFreeFlyer())
    q = pin.neutral(model)
    for axis, angle in zip(AXES, pose, strict=True):
        q[model.joints[model.getJointId(joint_name(axis))].idx_q] = angle
    return model, model.createData(), q


@parametrise_infants
@parametrise_poses
def test_pinocchio_finds_the_mass_and_its_centre_in_every_pose(
    infant: Infant, pose: Vector
) -> None:
    pin = tool("pinocchio")
    model, data, q = in_pinocchio(infant, pose)
    assert model.nv == 40
    assert pin.computeTotalMass(model) == pytest.approx(infant.mass_kg, rel=1e-9)
    centre = pin.centerOfMass(model, data, q)
    assert centre == pytest.approx(own_centre_of_mass(infant, pose), abs=1e-9)


@parametrise_infants
@parametrise_poses
def test_pinocchio_finds_every_segment_and_the_inertia_of_the_body(
    infant: Infant, pose: Vector
) -> None:
    pin = tool("pinocchio")
    model, data, q = in_pinocchio(infant, pose)
    pin.ccrba(model, data, q, np.zeros(model.nv))
    found = np.array(data.Ig.inertia)
    assert found == pytest.approx(own_inertia(infant, pose), rel=1e-6, abs=1e-9)
    pin.framesForwardKinematics(model, data, q)
    pos, matrix = own_poses(infant, pose)
    for s, node in enumerate(SEGMENTS):
        frame = data.oMf[model.getFrameId(node.name, pin.FrameType.BODY)]
        assert frame.translation == pytest.approx(pos[s], abs=1e-9)
        assert frame.rotation == pytest.approx(matrix[s], abs=1e-9)


@parametrise_infants
def test_mujoco_reads_the_same_body(infant: Infant) -> None:
    model = mujoco.MjModel.from_xml_string(infant.urdf())
    data = mujoco.MjData(model)
    assert model.nq == model.nv == 34
    assert model.body_mass.sum() == pytest.approx(infant.mass_kg, rel=1e-9)
    for pose in POSES:
        for axis, angle in zip(AXES, pose, strict=True):
            data.qpos[model.joint(joint_name(axis)).qposadr[0]] = angle
        mujoco.mj_forward(model, data)
        centre = data.subtree_com[0]
        assert centre == pytest.approx(own_centre_of_mass(infant, pose), abs=1e-9)


@parametrise_infants
def test_yourdfpy_reads_the_body_and_draws_it(infant: Infant) -> None:
    yourdfpy = tool("yourdfpy")
    robot = yourdfpy.URDF.load(BytesIO(infant.urdf().encode()))
    assert robot.validate()
    assert set(robot.actuated_joint_names) == {joint_name(axis) for axis in AXES}
    masses = [link.inertial.mass for link in robot.robot.links]
    assert sum(masses) == pytest.approx(infant.mass_kg, rel=1e-9)
    seen = {name for link in robot.robot.links if link.visuals for name in [link.name]}
    assert seen == {node.name for node in SEGMENTS}
    height = robot.scene.extents[2]
    assert height == pytest.approx(infant.length_m, rel=0.08)
    pose = POSES[1]
    robot.update_cfg({joint_name(axis): pose[i] for i, axis in enumerate(AXES)})
    pos, matrix = own_poses(infant, pose)
    for s, node in enumerate(SEGMENTS):
        found = robot.get_transform(node.name)
        assert found[:3, 3] == pytest.approx(pos[s], abs=1e-9)
        assert found[:3, :3] == pytest.approx(matrix[s], abs=1e-9)


@parametrise_infants
def test_every_axis_is_a_revolute_joint_whose_limits_hold_the_straight_body(
    infant: Infant,
) -> None:
    tree, tissue = ElementTree.fromstring(infant.urdf()), infant.muscles.tissue
    joints = {joint.get("name"): joint for joint in tree.iter("joint")}
    assert set(joints) == {joint_name(axis) for axis in AXES}
    for i, axis in enumerate(AXES):
        joint = joints[joint_name(axis)]
        limit = joint.find("limit")
        assert joint.get("type") == "revolute"
        assert limit is not None
        low, high = (float(limit.get(word, "nan")) for word in ("lower", "upper"))
        assert low <= min(0.0, tissue.lowest_rad[i]) <= max(0.0, tissue.highest_rad[i]) <= high
        assert float(limit.get("effort", "nan")) >= 0


@parametrise_infants
def test_every_link_has_positive_mass_and_inertia_that_a_body_can_have(infant: Infant) -> None:
    for link in ElementTree.fromstring(infant.urdf()).iter("link"):
        mass, inertia = next(link.iter("mass")), next(link.iter("inertia"))
        cell = {key: float(value) for key, value in inertia.items()}
        rows = [["ixx", "ixy", "ixz"], ["ixy", "iyy", "iyz"], ["ixz", "iyz", "izz"]]
        moments = np.linalg.eigvalsh([[cell[key] for key in row] for row in rows])
        assert float(mass.get("value", "nan")) > 0
        assert moments[0] > 0
        assert moments[2] <= moments[0] + moments[1] + 1e-12


def test_names_are_unique_and_the_text_is_the_same_each_time() -> None:
    text = INFANTS[0].urdf()
    for tag in ("link", "joint", "collision"):
        names = [element.get("name") for element in ElementTree.fromstring(text).iter(tag)]
        assert len(names) == len(set(names))
    assert text == Infant.from_spec(0, "female").urdf()
    assert text != Infant.from_spec(0, "female", length_z=0.1).urdf()


def test_another_dialect_is_refused_with_the_nearest() -> None:
    dialect: Any = "bulet"
    with pytest.raises(InputError, match="dialect: no 'bulet'; did you mean 'bullet'"):
        INFANTS[0].urdf(dialect)


def test_bullet_and_the_others_are_given_the_same_masses() -> None:
    assert import_module("dmi_sim.body.bullet_urdf").bullet_urdf_text(
        INFANTS[1].ordered_segments
    ) == INFANTS[1].urdf("bullet")
