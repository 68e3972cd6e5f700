"""A scene in the browser: viser's server, and an infant and its surroundings as nodes."""

import io
import socket
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.render.camera_pose import FIELD_OF_VIEW_RAD, CameraPose
from dmi_sim.render.cloth import Cloth, skin_of
from dmi_sim.render.colours import COLOURS, rgb
from dmi_sim.render.drawable import Drawable
from dmi_sim.render.frames import FRAMES, Poses
from dmi_sim.render.meshes import mesh_of

if TYPE_CHECKING:
    from viser import GlbHandle, GridHandle, MeshSkinnedBoneHandle, SceneApi, ViserServer

_POSITION_TOLERANCE_M, _QUATERNION_TOLERANCE = 2e-4, 1e-3
"""Changes of position and quaternion that are too small to be seen."""

_AROUND = 20
"""Points on a ring of a cloth."""
Bones: TypeAlias = "Sequence[tuple[int, MeshSkinnedBoneHandle]]"
"""Parts of clothes, each with the index of the frame that it moves with."""


@contextmanager
def silent_server() -> "Generator[ViserServer]":
    """A viser server that prints nothing, on a free loopback port; closed in the end."""
    from viser import ViserServer

    with redirect_stdout(io.StringIO()):  # it prints a greeting, but stdout belongs to the caller
        server = ViserServer(host="127.0.0.1", port=_free_port(), verbose=False)
    server.scene.set_up_direction("+z")
    try:
        yield server
    finally:
        with redirect_stdout(io.StringIO()):
            server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def set_initial_camera(server: "ViserServer", pose: CameraPose) -> None:
    """Set the pose of the camera with which the page opens."""
    camera = server.initial_camera
    camera.look_at = tuple(pose.look_at_m.tolist())
    camera.position = tuple(pose.eye_m.tolist())
    camera.fov = FIELD_OF_VIEW_RAD


def add_floor(scene: "SceneApi", name: str, points: Vector, height_m: float) -> "GridHandle":
    """A grid under all points [m], (n, 3), at a height; its cells are 0.1 m wide."""
    low, high = points.min(axis=0), points.max(axis=0)
    length, width = np.ceil(high - low + 1.4)[:2].tolist()
    middle = np.round((low + high) / 2, 1)
    return scene.add_grid(
        name,
        width=length,
        height=width,
        cell_size=0.1,
        section_size=0.5,
        plane="xy",
        position=(middle[0], middle[1], height_m),
        cell_color=rgb(COLOURS["floor_line"]),
        cell_thickness=0.7,
        section_color=rgb(COLOURS["floor_line"]),
        shadow_opacity=0.3,
    )


def add_nodes(
    scene: "SceneApi", name: str, drawables: Sequence[Drawable]
) -> "dict[int, GlbHandle]":
    """One hidden mesh per frame that carries solids, by index of the frame.

    Args:
        scene: Scene that the meshes are added to.
        name: Name of the parent node.
        drawables: Solids that may come into the picture.
    """
    nodes: dict[int, GlbHandle] = {}
    for frame in sorted({drawable.frame for drawable in drawables}):
        own = [drawable for drawable in drawables if drawable.frame == frame]
        nodes[frame] = scene.add_mesh_trimesh(f"{name}/{FRAMES[frame]}", mesh_of(own, COLOURS))
        nodes[frame].visible = False
    return nodes


def add_clothes(scene: "SceneApi", name: str, cloths: Sequence[Cloth]) -> "Bones":
    """Clothes that bend with the segments below them.

    Args:
        scene: Scene that they are added to.
        name: Name of the parent node.
        cloths: Clothes.

    Returns:
        Index of a frame and what has to move with it, for all clothes.
    """
    bones: list[tuple[int, MeshSkinnedBoneHandle]] = []
    for cloth in cloths:
        skin = skin_of(cloth, _AROUND)
        mesh = scene.add_mesh_skinned(
            f"{name}/{cloth.role}",
            skin.points_m,
            skin.faces,
            bone_wxyzs=np.tile((1.0, 0.0, 0.0, 0.0), (len(skin.frames), 1)),
            bone_positions=skin.origins_m,
            skin_weights=skin.weights,
            color=rgb(COLOURS[cloth.role]),
        )
        bones.extend(zip(skin.frames, mesh.bones, strict=True))
    return bones


def show(nodes: "Mapping[int, GlbHandle]", frames: Poses, bones: "Bones" = ()) -> None:
    """Move nodes to the poses of their frames, and hide those whose frames have none.

    Only changes are sent.

    Args:
        nodes: Meshes by index of their frame.
        frames: Poses of all frames at one time.
        bones: What of the clothes has to move with a frame.
    """
    position = frames.position_m
    wxyz = np.roll(frames.quaternion, 1, axis=-1)  # viser has the scalar first
    for frame, node in nodes.items():
        is_visible = not bool(np.isnan(position[frame]).any())
        if node.visible != is_visible:
            node.visible = is_visible
        if is_visible:
            _move(node, position[frame], wxyz[frame])
    for frame, bone in bones:
        _move(bone, position[frame], wxyz[frame])


def _move(node: "GlbHandle | MeshSkinnedBoneHandle", position: Vector, wxyz: Vector) -> None:
    if float(np.max(np.abs(node.position - position))) > _POSITION_TOLERANCE_M:
        node.position = position
    if float(np.max(np.abs(node.wxyz - wxyz))) > _QUATERNION_TOLERANCE:
        node.wxyz = wxyz
