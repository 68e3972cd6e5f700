"""The body as MJCF text, the format of MuJoCo: the same names and numbers as its URDF."""

from collections.abc import Iterable, Iterator
from itertools import product

from dmi_sim.anatomy import SegmentKind
from dmi_sim.body.segments import Segment, Sphere

FREE_JOINT = "root"
"""Name of the free joint between world and pelvis; the URDF has no such joint."""

_SKIN = "skin"
_INDENT = "  "

KindPairs = tuple[tuple[SegmentKind, SegmentKind], ...]
"""Pairs of segments, sides left out."""


def mjcf_text(
    segments: tuple[Segment, ...],
    name: str = "infant",
    *,
    touching_pairs: KindPairs = (),
    friction: float = 1.0,
) -> str:
    """MJCF of a body: a free pelvis, ball joints and hinges, spheres as collision geoms.

    Bodies and joints have the names of the URDF's links and joints. A geom is named after its
    segment and its sphere, because MuJoCo requires names to be unique. Inertia is the anatomical
    one plus the simulation's inertia floor. Body frames have their origin in the joint to the
    parent, that of the pelvis midway between the hips; the straight body stands with its soles at
    height 0.

    The text describes the body alone, to be included in a scene that brings floor, light, gravity
    and time step. Spheres collide with everything in the scene, but with each other only in the
    pairs given here. Muscles, passive tissue and ranges of motion are left out: every joint turns
    freely.

    Args:
        segments: Segments of the body, parents first.
        name: Name of the model.
        touching_pairs: Pairs of segment kinds that may touch each other.
        friction: Friction coefficient of skin on a floor; skin on skin has its square, as in
            Bullet.
    """
    lines = [
        f'<mujoco model="{name}">',
        *_inside(_settings(friction)),
        *_inside(_wrapped("worldbody", _body(segments[0], segments))),
        *_inside(_wrapped("contact", _pairs(segments, touching_pairs, friction**2))),
        "</mujoco>",
    ]
    return "\n".join([*lines, ""])


def _inside(lines: Iterable[str]) -> Iterator[str]:
    return (_INDENT + line for line in lines)


def _wrapped(element: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<{element}>"
    yield from _inside(lines)
    yield f"</{element}>"


def _words(values: Iterable[float]) -> str:
    return " ".join(repr(float(value)) for value in values)


def _settings(friction: float) -> Iterator[str]:
    """Units, and a class of geoms that meet the scene's geoms but not each other."""
    yield '<compiler angle="radian"/>'
    yield "<default>"
    yield f'{_INDENT}<default class="{_SKIN}">'
    yield f'{2 * _INDENT}<geom contype="0" conaffinity="1" priority="1" friction="{friction!r}"/>'
    yield f"{_INDENT}</default>"
    yield "</default>"


def _body(segment: Segment, segments: tuple[Segment, ...]) -> Iterator[str]:
    node = segment.node
    pos = segment.joint_m if node.parent else (0.0, 0.0, _standing_height_m(segments))
    yield f'<body name="{node.name}" pos="{_words(pos)}">'
    yield _INDENT + _joint(segment)
    yield _INDENT + _inertial(segment)
    yield from _inside(_geom(segment, sphere) for sphere in segment.spheres)
    for child in segments:
        if child.node.parent == node.name:
            yield from _inside(_body(child, segments))
    yield "</body>"


def _joint(segment: Segment) -> str:
    node = segment.node
    if not node.joint:
        return f'<freejoint name="{FREE_JOINT}"/>'
    kind = 'type="hinge" axis="0 1 0"' if node.is_hinge else 'type="ball"'
    return f'<joint name="{node.joint}" {kind}/>'


def _inertial(segment: Segment) -> str:
    moments = _words(moment + segment.inertia_floor_kgm2 for moment in segment.inertia_kgm2)
    where = f'pos="{_words(segment.com_m)}" mass="{segment.mass_kg!r}"'
    return f'<inertial {where} diaginertia="{moments}"/>'


def _geom_name(segment: Segment, sphere: Sphere) -> str:
    return f"{segment.node.name}_{sphere.name}"


def _geom(segment: Segment, sphere: Sphere) -> str:
    where = f'pos="{_words(sphere.centre_m)}" size="{sphere.radius_m!r}"'
    return f'<geom class="{_SKIN}" name="{_geom_name(segment, sphere)}" {where}/>'


def _pairs(
    segments: tuple[Segment, ...], touching_pairs: KindPairs, friction: float
) -> Iterator[str]:
    wanted = {frozenset(pair) for pair in touching_pairs}
    for i, segment in enumerate(segments):
        for other in segments[i + 1 :]:
            if frozenset((segment.node.kind, other.node.kind)) in wanted:
                yield from _sphere_pairs(segment, other, friction)


def _sphere_pairs(segment: Segment, other: Segment, friction: float) -> Iterator[str]:
    slide = _words((friction, friction))
    for own, theirs in product(segment.spheres, other.spheres):
        names = f'geom1="{_geom_name(segment, own)}" geom2="{_geom_name(other, theirs)}"'
        yield f'<pair {names} condim="3" friction="{slide}"/>'


def _standing_height_m(segments: tuple[Segment, ...]) -> float:
    """Height of the pelvis origin at which the straight body touches the floor."""
    height, lowest = {"": 0.0}, 0.0
    for segment in segments:
        origin = height[segment.node.parent] + segment.joint_m[2]
        height[segment.node.name] = origin
        lowest = min([lowest, *(origin + s.centre_m[2] - s.radius_m for s in segment.spheres)])
    return -lowest
