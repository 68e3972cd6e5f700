"""Segments, joints, axes and regions of an infant: their names and their order.

Every array over segments follows :data:`SEGMENTS`, every array over anatomical axes follows
:data:`AXES`. Lengths and masses are in :mod:`dmi_sim.body`.
"""

from dataclasses import dataclass
from typing import Literal, cast

SegmentKind = Literal[
    "pelvis",
    "lumbar",
    "lower_thorax",
    "upper_thorax",
    "head",
    "upper_arm",
    "forearm",
    "thigh",
    "shank",
    "foot",
]
"""Name of a segment, without its side."""

SegmentName = Literal[
    "pelvis",
    "lumbar",
    "lower_thorax",
    "upper_thorax",
    "head",
    "left_upper_arm",
    "left_forearm",
    "right_upper_arm",
    "right_forearm",
    "left_thigh",
    "left_shank",
    "left_foot",
    "right_thigh",
    "right_shank",
    "right_foot",
]
"""Name of a segment with its side, as a parameter of a reward term or criterion gives it."""

ContactSegmentName = Literal[
    "pelvis",
    "lumbar",
    "upper_thorax",
    "head",
    "left_forearm",
    "right_forearm",
    "left_thigh",
    "left_foot",
    "right_thigh",
    "right_foot",
]
"""Name of a segment that can touch the ground, since it has contact spheres: hands and elbows touch
as forearms, the seat as pelvis and thighs, knees as thighs, the chest as upper thorax."""

JointKind = Literal[
    "neck",
    "thoracic",
    "thoracolumbar",
    "waist",
    "shoulder",
    "elbow",
    "hip",
    "knee",
    "ankle",
]
"""Name of a joint, without its side."""

AxisName = Literal["abduction", "flexion", "rotation"]
"""Anatomical axis of a joint. Flexion of the ankle is dorsiflexion and its abduction eversion;
abduction of the trunk and the neck is lateral bending to the right."""

Region = Literal["neck", "trunk", "shoulder", "elbow", "hip", "knee", "ankle"]
"""Region of the body; conduction delays and reflex gains are given by region."""

TRUNK: tuple[SegmentKind, ...] = ("pelvis", "lumbar", "lower_thorax", "upper_thorax")
"""Segments of the trunk, from caudal to cranial."""

LEFT, RIGHT = 1, -1
"""Sides of the body as signs of the y coordinate (left is positive); 0 is the midline."""

HINGES = ("elbow", "knee")
"""Joints with one axis, flexion, in place of three."""

MIDLINE: tuple[JointKind, ...] = ("neck", "thoracic", "thoracolumbar", "waist")
"""Joints of head and trunk, which have no side."""

ROOTS = (
    *(f"C{i}" for i in range(1, 9)),
    *(f"T{i}" for i in range(1, 13)),
    *(f"L{i}" for i in range(1, 6)),
    *(f"S{i}" for i in range(1, 6)),
)
"""Spinal roots from cranial to caudal."""

_REGIONS: dict[JointKind, Region] = {
    "neck": "neck",
    "thoracic": "trunk",
    "thoracolumbar": "trunk",
    "waist": "trunk",
    "shoulder": "shoulder",
    "elbow": "elbow",
    "hip": "hip",
    "knee": "knee",
    "ankle": "ankle",
}


def region_of(joint: JointKind) -> Region:
    """The region of the body that a joint belongs to.

    >>> region_of("thoracolumbar")
    'trunk'
    """
    return _REGIONS[joint]


@dataclass(frozen=True)
class SegmentNode:
    """Node of the kinematic tree: one segment and the joint to its parent.

    Attributes:
        name: Name of the segment, with its side.
        kind: Name of the segment without its side.
        parent: Name of the parent segment; empty for the pelvis.
        joint: Name of the joint to the parent; empty for the pelvis.
        side: +1 left, -1 right, 0 on the midline.
        is_hinge: Whether the joint has one axis (knee, elbow) in place of three.
    """

    name: str
    kind: SegmentKind
    parent: str
    joint: str
    side: int = 0
    is_hinge: bool = False


def _upper_limb(side: int, word: str) -> tuple[SegmentNode, ...]:
    upper_arm = f"{word}_upper_arm"
    return (
        SegmentNode(upper_arm, "upper_arm", "upper_thorax", f"{word}_shoulder", side),
        SegmentNode(f"{word}_forearm", "forearm", upper_arm, f"{word}_elbow", side, is_hinge=True),
    )


def _lower_limb(side: int, word: str) -> tuple[SegmentNode, ...]:
    thigh, shank = f"{word}_thigh", f"{word}_shank"
    return (
        SegmentNode(thigh, "thigh", "pelvis", f"{word}_hip", side),
        SegmentNode(shank, "shank", thigh, f"{word}_knee", side, is_hinge=True),
        SegmentNode(f"{word}_foot", "foot", shank, f"{word}_ankle", side),
    )


SEGMENTS: tuple[SegmentNode, ...] = (
    SegmentNode("pelvis", "pelvis", "", ""),
    SegmentNode("lumbar", "lumbar", "pelvis", "waist"),
    SegmentNode("lower_thorax", "lower_thorax", "lumbar", "thoracolumbar"),
    SegmentNode("upper_thorax", "upper_thorax", "lower_thorax", "thoracic"),
    SegmentNode("head", "head", "upper_thorax", "neck"),
    *_upper_limb(LEFT, "left"),
    *_upper_limb(RIGHT, "right"),
    *_lower_limb(LEFT, "left"),
    *_lower_limb(RIGHT, "right"),
)
"""All 15 segments, parents before children, depth first: the order of every array over them."""

SEGMENT_INDEX: dict[str, int] = {node.name: index for index, node in enumerate(SEGMENTS)}
"""Index of a segment such as ``left_foot`` in :data:`SEGMENTS`."""

PELVIS, UPPER_THORAX, HEAD = (SEGMENT_INDEX[n] for n in ("pelvis", "upper_thorax", "head"))
"""Indices of the three segments whose height and orientation define a posture."""
FEET = [SEGMENT_INDEX["left_foot"], SEGMENT_INDEX["right_foot"]]
"""Indices of both feet."""

COMPONENT: dict[AxisName, int] = {"abduction": 0, "flexion": 1, "rotation": 2}
"""Component of the rotation vector (x forward, y left, z up) behind each anatomical axis: flexion
is a rotation about y."""

_FORWARD_IS_NEGATIVE = ("shoulder", "elbow", "hip", "ankle")

_DIRECTIONS: dict[tuple[str, AxisName], tuple[str, str]] = {
    ("trunk", "abduction"): ("right_bend", "left_bend"),
    ("trunk", "flexion"): ("flexion", "extension"),
    ("trunk", "rotation"): ("left_rotation", "right_rotation"),
    ("limb", "abduction"): ("abduction", "adduction"),
    ("limb", "flexion"): ("flexion", "extension"),
    ("limb", "rotation"): ("external_rotation", "internal_rotation"),
    ("ankle", "abduction"): ("eversion", "inversion"),
    ("ankle", "flexion"): ("dorsiflexion", "plantarflexion"),
    ("ankle", "rotation"): ("external_rotation", "internal_rotation"),
}


@dataclass(frozen=True)
class Axis:
    """One anatomical axis, a degree of freedom of a joint.

    Attributes:
        joint: Name of the joint with its side, such as ``left_hip``.
        kind: Name of the joint without its side.
        name: Name of the anatomical axis.
        joint_index: Index of the joint among the 14 joints.
        component: Component of the joint's rotation vector, 0 to 2.
        sign: Sign of the anatomical angle in that component, +1 or -1.
    """

    joint: str
    kind: JointKind
    name: AxisName
    joint_index: int
    component: int
    sign: int

    @property
    def label(self) -> str:
        """Joint and name of the axis.

        >>> AXES[0].label
        'waist.abduction'
        """
        return f"{self.joint}.{self.name}"

    @property
    def directions(self) -> tuple[str, str]:
        """Names of the positive and the negative direction.

        >>> AXES[AXIS_INDEX["left_ankle.flexion"]].directions
        ('dorsiflexion', 'plantarflexion')
        """
        family = (
            self.kind if self.kind == "ankle" else "limb" if self.joint != self.kind else "trunk"
        )
        return _DIRECTIONS[family, self.name]

    @property
    def mirror_sign(self) -> int:
        """Sign of its angle in a body mirrored left for right, on the other side if it has sides.

        The trunk bends and turns the other way; limbs, whose angles are counted outwards on either
        side, swap theirs as they are.

        >>> [AXES[AXIS_INDEX[one]].mirror_sign for one in ("neck.rotation", "left_hip.rotation")]
        [-1, 1]
        """
        return -1 if self.joint in MIDLINE and self.name != "flexion" else 1


def other_side(name: str) -> str:
    """The name of the same part, axis or muscle on the other side; what has no side is its own.

    >>> other_side("left_hip.flexion"), other_side("right_foot"), other_side("head")
    ('right_hip.flexion', 'left_foot', 'head')
    """
    for word, other in (("left_", "right_"), ("right_", "left_")):
        if name.startswith(word):
            return other + name.removeprefix(word)
    return name


def joint_kind(node: SegmentNode) -> JointKind:
    """Name of the joint of a segment to its parent, without its side.

    >>> joint_kind(SEGMENTS[SEGMENT_INDEX["left_foot"]])
    'ankle'
    """
    return cast("JointKind", node.joint.removeprefix("left_").removeprefix("right_"))


def _sign(node: SegmentNode, name: AxisName) -> int:
    """Sign of an anatomical angle in its component of the rotation vector.

    A positive rotation about y takes up to forward and down to backward: it flexes the trunk and
    the knee, but extends the other joints of the limbs. About x and z, left and right are mirrored.
    """
    if name == "flexion":
        return -1 if joint_kind(node) in _FORWARD_IS_NEGATIVE else 1
    return node.side or 1


def _axes_of(index: int, node: SegmentNode) -> tuple[Axis, ...]:
    names: tuple[AxisName, ...] = ("flexion",) if node.is_hinge else tuple(COMPONENT)
    kind = joint_kind(node)
    return tuple(
        Axis(node.joint, kind, name, index, COMPONENT[name], _sign(node, name)) for name in names
    )


AXES: tuple[Axis, ...] = tuple(
    axis for index, node in enumerate(SEGMENTS[1:]) for axis in _axes_of(index, node)
)
"""All 34 anatomical axes, joint by joint: the order of every array over them."""

AXIS_INDEX: dict[str, int] = {axis.label: index for index, axis in enumerate(AXES)}
"""Index of an axis such as ``left_hip.flexion`` in :data:`AXES`."""
