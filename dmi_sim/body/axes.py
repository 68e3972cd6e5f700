"""The anatomical degrees of freedom, their order in arrays and the names of their directions."""

from dataclasses import dataclass
from typing import cast

from dmi_sim.body.segments import PLACES, Place
from dmi_sim.spec.anatomy import AxisName, JointKind

COMPONENT: dict[AxisName, int] = {"abduction": 0, "flexion": 1, "rotation": 2}
"""Component of the attitude vector (x forward, y left, z up) behind each anatomical axis."""

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
    """One degree of freedom of a joint.

    Attributes:
        joint: Joint with its side, such as ``left_hip``.
        kind: Joint without its side.
        name: Anatomical axis.
        joint_index: Place of the joint among the 14 joints.
        component: Component of the attitude vector.
        sign: Anatomical angle = sign x attitude component.
    """

    joint: str
    kind: JointKind
    name: AxisName
    joint_index: int
    component: int
    sign: int

    @property
    def label(self) -> str:
        """Name such as ``left_hip.flexion``."""
        return f"{self.joint}.{self.name}"

    @property
    def directions(self) -> tuple[str, str]:
        """Names of the positive and the negative direction."""
        part = self.kind if self.kind == "ankle" else "limb" if self.joint != self.kind else "trunk"
        return _DIRECTIONS[part, self.name]


def joint_kind(place: Place) -> JointKind:
    """Joint of a segment without its side."""
    return cast("JointKind", place.joint.removeprefix("left_").removeprefix("right_"))


def _sign(place: Place, name: AxisName) -> int:
    if name == "flexion":
        return -1 if joint_kind(place) in _FORWARD_IS_NEGATIVE else 1
    return place.side or 1


def _axes_of(index: int, place: Place) -> tuple[Axis, ...]:
    names: tuple[AxisName, ...] = ("flexion",) if place.is_hinge else tuple(COMPONENT)
    kind = joint_kind(place)
    return tuple(
        Axis(place.joint, kind, name, index, COMPONENT[name], _sign(place, name)) for name in names
    )


AXES: tuple[Axis, ...] = tuple(
    axis for index, place in enumerate(PLACES[1:]) for axis in _axes_of(index, place)
)
"""All 34 degrees of freedom, in the order of every array over them."""

AXIS_INDEX: dict[str, int] = {axis.label: index for index, axis in enumerate(AXES)}
"""Place of a label such as ``left_hip.flexion`` in :data:`AXES`."""
