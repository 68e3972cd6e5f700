"""The body in the dialect of URDF that Bullet reads: ball joints, one element a line."""

from collections.abc import Iterator

from dmi_sim.body.segments import Point, Segment, Sphere


def bullet_urdf_text(segments: tuple[Segment, ...], name: str = "infant") -> str:
    """URDF of a body for Bullet: spherical joints and hinges, spheres as collision shapes.

    Bullet's reader breaks long lines, hence one element a line. No other reader knows spherical
    joints; those read :mod:`dmi_sim.body.urdf`. Inertia is the anatomical one plus the simulation's
    inertia floor. The link frame of the pelvis has its origin in the centre of mass of the pelvis,
    so that Bullet's base pose and our pelvis frame differ by a translation only.

    Args:
        segments: Segments of the body, parents first.
        name: Name of the robot element.
    """
    shift = {segments[0].node.name: segments[0].com_m}
    lines = [f'<robot name="{name}">']
    for segment in segments:
        lines += _link(segment, shift.get(segment.node.name, (0.0, 0.0, 0.0)))
        if segment.node.joint:
            lines += _joint(segment, shift.get(segment.node.parent, (0.0, 0.0, 0.0)))
    return "\n".join([*lines, "</robot>", ""])


def _xyz(point: Point, shift: Point = (0.0, 0.0, 0.0)) -> str:
    return " ".join(repr(float(a - b)) for a, b in zip(point, shift, strict=True))


def _link(segment: Segment, shift: Point) -> Iterator[str]:
    ixx, iyy, izz = (i + segment.inertia_floor_kgm2 for i in segment.inertia_kgm2)
    yield f'<link name="{segment.node.name}">'
    yield "<inertial>"
    yield f'<origin xyz="{_xyz(segment.com_m, shift)}"/>'
    yield f'<mass value="{segment.mass_kg!r}"/>'
    yield f'<inertia ixx="{ixx!r}" iyy="{iyy!r}" izz="{izz!r}" ixy="0" ixz="0" iyz="0"/>'
    yield "</inertial>"
    for sphere in segment.spheres:
        yield from _collision(sphere, shift)
    yield "</link>"


def _collision(sphere: Sphere, shift: Point) -> Iterator[str]:
    yield f'<collision name="{sphere.name}">'
    yield f'<origin xyz="{_xyz(sphere.centre_m, shift)}"/>'
    yield f'<geometry><sphere radius="{sphere.radius_m!r}"/></geometry>'
    yield "</collision>"


def _joint(segment: Segment, shift: Point) -> Iterator[str]:
    node = segment.node
    kind = "continuous" if node.is_hinge else "spherical"
    yield f'<joint name="{node.joint}" type="{kind}">'
    yield f'<parent link="{node.parent}"/>'
    yield f'<child link="{node.name}"/>'
    yield f'<origin xyz="{_xyz(segment.joint_m, shift)}"/>'
    yield '<axis xyz="0 1 0"/>'
    yield "</joint>"
