"""A recording as one HTML page with a 3D scene to play, pause and scrub, without a server.

The page holds viser's own player and opens from a file. To make it, viser's server is started on
the loopback interface for a moment, shown the frames one after the other, and closed.
"""

import io
import socket
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from dmi_sim.assess.recording import Recording
from dmi_sim.body.arrays import Vector
from dmi_sim.body.shapes import Shape
from dmi_sim.errors import InputError
from dmi_sim.view.hands import palms
from dmi_sim.view.meshes import arrow_mesh, hand_mesh, segment_mesh
from dmi_sim.view.pose import PAINT, face, wxyz

if TYPE_CHECKING:
    from viser import GlbHandle, LabelHandle, SceneApi, ViserServer

Infants: TypeAlias = Mapping[str, tuple[Recording, Sequence[Shape]]]
"""What to show, by title: what happened, and what the infant looks like."""

SPACING_M = 0.62
"""Between infants, side by side along y."""

_FRAMES_PER_S = 15
_STILL_M, _STILL_TURN = 2e-4, 1e-3
_NUDGE_SHOWN_S = 0.4
_AWAY: tuple[float, float, float] = (0.0, 0.0, -10.0)


@dataclass(frozen=True)
class Figure:
    """The handles of one infant in the scene.

    Attributes:
        segments: One mesh per segment that has a shape, by segment index.
        hands: The therapist's hands, each with the segment that it moves with.
        nudge: An arrow along +x, with its tip in the origin.
        caption: What happens now, in words.
        offset_m: Where its world stands in the scene, (3,).
    """

    segments: "dict[int, GlbHandle]"
    hands: "tuple[tuple[int, GlbHandle], ...]"
    nudge: "GlbHandle"
    caption: "LabelHandle"
    offset_m: Vector


def replay_html(infants: Infants, shirts: Mapping[str, str] | None = None) -> str:
    """A self-contained page that replays recordings side by side.

    Args:
        infants: What to show, by title; the first stands on the left of the screen.
        shirts: Colour of the shirt as ``#rrggbb``, by title.

    Raises:
        InputError: If there is nothing to show.
    """
    if not infants:
        raise InputError("replay: no recording to show; give at least one")
    with silent_server() as server:
        _set_stage(server, infants)
        figures = [
            _add_figure(server.scene, f"/infant_{place}", title, infants[title], shirt, offset)
            for place, (title, shirt, offset) in enumerate(_line_up(infants, shirts or {}))
        ]
        recordings = [recording for recording, _ in infants.values()]
        return _film(server, recordings, figures)


@contextmanager
def silent_server() -> "Generator[ViserServer]":
    """A silent viser server on a free loopback port, closed in the end."""
    from viser import ViserServer

    with redirect_stdout(io.StringIO()):  # it greets on stdout, which belongs to our caller
        server = ViserServer(host="127.0.0.1", port=_free_port(), verbose=False)
    try:
        yield server
    finally:
        with redirect_stdout(io.StringIO()):
            server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _line_up(infants: Infants, shirts: Mapping[str, str]) -> list[tuple[str, str, Vector]]:
    """Title, shirt and place of each infant; the camera looks from +x, so left is -y."""
    middle = (len(infants) - 1) / 2
    return [
        (title, shirts.get(title, PAINT["shirt"]), np.array((0.0, (i - middle) * SPACING_M, 0.0)))
        for i, title in enumerate(infants)
    ]


def _set_stage(server: "ViserServer", infants: Infants) -> None:
    """Floor, light and a low camera close in front of the infants."""
    width = SPACING_M * len(infants)
    height = max(float(np.max(recording.head_height_m)) for recording, _ in infants.values())
    server.scene.set_up_direction("+z")
    server.scene.add_grid(
        "/floor",
        width=width + 1.0,
        height=2.0,
        cell_size=0.1,
        section_size=0.5,
        plane="xy",
        cell_color=(214, 219, 226),
        section_color=(176, 184, 196),
        shadow_opacity=0.3,
    )
    camera = server.initial_camera
    camera.look_at = (0.05, 0.0, 0.60 * height)
    camera.position = (0.9 + 0.85 * width, -0.38 * width, height + 0.25)
    camera.fov = float(np.deg2rad(27.0))


def _add_figure(
    scene: "SceneApi",
    name: str,
    title: str,
    infant: tuple[Recording, Sequence[Shape]],
    shirt: str,
    offset: Vector,
) -> Figure:
    recording, shapes = infant
    paint = PAINT | {"shirt": shirt}
    balls = face(shapes)
    indices = sorted({shape.segment_index for shape in shapes})
    above = offset + np.array((0.0, 0.0, float(np.max(recording.head_height_m)) + 0.14))
    scene.add_label(
        f"{name}/title", title, position=above, anchor="bottom-center", font_screen_scale=1.25
    )
    return Figure(
        segments={
            index: scene.add_mesh_trimesh(
                f"{name}/segment_{index}", segment_mesh(index, shapes, balls, paint)
            )
            for index in indices
        },
        hands=tuple(
            (palm.segment_index, scene.add_mesh_trimesh(f"{name}/hand_{i}", hand_mesh(palm)))
            for i, palm in enumerate(palms(recording, shapes))
        ),
        nudge=scene.add_mesh_trimesh(
            f"{name}/nudge", arrow_mesh(0.18, 0.008, "#d55e00"), position=_AWAY
        ),
        caption=scene.add_label(
            f"{name}/caption", "", position=above, anchor="top-center", font_screen_scale=1.0
        ),
        offset_m=offset,
    )


def _film(server: "ViserServer", recordings: Sequence[Recording], figures: Sequence[Figure]) -> str:
    """Show all frames and give the page; who ends early stays where it ended."""
    serializer = server.get_scene_serializer()
    hz = recordings[0].control_hz
    stride = max(1, round(hz / _FRAMES_PER_S))
    length = max(len(recording.time_s) for recording in recordings)
    for frame in range(0, length + stride - 1, stride):
        with server.atomic():
            for recording, figure in zip(recordings, figures, strict=True):
                _show(recording, figure, frame, stride)
        serializer.insert_sleep(stride / hz)
    return serializer.as_html()


def _show(recording: Recording, figure: Figure, frame: int, stride: int) -> None:
    """Move one infant to a frame; after its last frame nothing moves."""
    last = len(recording.time_s) - 1
    if frame - stride >= last:
        return
    now = min(frame, last)
    _move_parts(recording, figure, now)
    _move_nudge(recording, figure, now)
    caption = _caption(recording, now)
    if figure.caption.text != caption:
        figure.caption.text = caption


def _move_parts(recording: Recording, figure: Figure, frame: int) -> None:
    """Send only the parts that have moved, which keeps a calm infant's replay small."""
    position = recording.segment_pos_world[frame] + figure.offset_m
    quaternion = wxyz(recording.segment_quat_world[frame])
    for index, handle in (*figure.segments.items(), *figure.hands):
        if float(np.max(np.abs(handle.position - position[index]))) > _STILL_M:
            handle.position = position[index]
        if float(np.max(np.abs(handle.wxyz - quaternion[index]))) > _STILL_TURN:
            handle.wxyz = quaternion[index]


def _move_nudge(recording: Recording, figure: Figure, frame: int) -> None:
    """Show the last nudge a little longer than it lasts, at the centre of mass."""
    force = _recent_nudge(recording, frame)
    size = float(np.linalg.norm(force))
    if size == 0:
        if figure.nudge.visible:
            figure.nudge.visible = False
        return
    figure.nudge.position = recording.com_m[frame] + figure.offset_m
    figure.nudge.wxyz = _turn_of_x_to(force / size)
    figure.nudge.visible = True


def _recent_nudge(recording: Recording, frame: int) -> Vector:
    """Force of the latest nudge within the time that it is shown [N], (3,); zero if none."""
    first = max(0, frame - round(_NUDGE_SHOWN_S * recording.control_hz))
    forces = recording.nudge_force_world[first : frame + 1]
    pushed = np.flatnonzero(np.any(forces != 0, axis=1))
    return forces[pushed[-1]] if len(pushed) else np.zeros(3)


def _turn_of_x_to(direction: Vector) -> Vector:
    """Quaternion (w, x, y, z) of the shortest turn of +x to a unit vector, (4,)."""
    turn = np.array((1.0 + direction[0], 0.0, -direction[2], direction[1]))
    size = float(np.linalg.norm(turn))
    return turn / size if size > 1e-9 else np.array((0.0, 0.0, 0.0, 1.0))


def _caption(recording: Recording, frame: int) -> str:
    """Time and head height, and how it ended once it has."""
    time, height = float(recording.time_s[frame]), float(recording.head_height_m[frame])
    if frame == len(recording.time_s) - 1 and recording.physics_fault:
        return f"stopped by a physics fault at {time:.1f} s"
    if frame == len(recording.time_s) - 1 and recording.fell:
        return f"fell at {time:.1f} s"
    return f"{time:.1f} s, head at {100 * height:.0f} cm"
