"""One episode as arrays over control steps: all that outcomes and pictures are made from."""

import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.errors import InputError
from dmi_sim.files import atomic_write

FORMAT = 3
"""Version of the file; a reader refuses others."""


@dataclass(frozen=True, eq=False)
class Recording:
    """An episode; T samples, 15 segments, 34 axes, n muscles, h hands, k spheres.

    The first sample is the start, then one follows for each control step. A recording equals itself
    only, so what was once computed from it can be looked up by it.

    Attributes:
        time_s: Time since the start [s], shape (T,).
        segment_pos_world: Segment origins [m], shape (T, 15, 3).
        segment_quat_world: Orientations (x, y, z, w), shape (T, 15, 4).
        com_m: Centre of mass, world [m], shape (T, 3).
        head_height_m: Height of the head's centre of mass over the floor [m], shape (T,).
        upright_rad: Tilt of the trunk from the vertical [rad], shape (T,).
        support_force_n: Norm of the hands' force [N], shape (T,).
        support_share: Upward hand force over body weight, shape (T,).
        support_pos_world: Where each hand holds the infant [m], shape (T, h, 3).
        support_force_world: Force of each hand on the infant [N], shape (T, h, 3).
        push_force_world: Force of a push [N], shape (T, 3).
        activation_rms: Root mean square of all activations, shape (T,).
        activation: Activation of each muscle [0..1], single precision, shape (T, n).
        muscle_names: Names of the muscles, such as ``left_multifidus``, shape (n,).
        joint_angle_rad: Anatomical angles [rad], shape (T, 34).
        com_velocity_m_s: Velocity of the centre of mass, world [m/s], shape (T, 3).
        cop_m: Centre of pressure, world [m], shape (T, 3); NaN where nothing presses on the infant.
        contact_force: Force of ground and furniture on each segment over body weight, (T, 15).
        contact_spheres: Spheres that can touch the ground: index of the segment, centre in its
            frame [m], radius [m]; shape (k, 5).
        platform: Shift of the ground forward and left [m] and its tilt about x and y [rad], (T, 4).
        support_work_j: Work of the hands on the infant so far, positive and negative [J], (T, 2).
        muscle_work_j: Work of the muscles so far, positive and negative [J], shape (T, 2).
        control_hz: Control steps per second [Hz].
        fell: Whether the episode ended with a fall.
        physics_fault: Whether it ended because the physics went wrong.
    """

    time_s: Vector
    segment_pos_world: Vector
    segment_quat_world: Vector
    com_m: Vector
    head_height_m: Vector
    upright_rad: Vector
    support_force_n: Vector
    support_share: Vector
    support_pos_world: Vector
    support_force_world: Vector
    push_force_world: Vector
    activation_rms: Vector
    activation: NDArray[np.float32]
    muscle_names: NDArray[np.str_]
    joint_angle_rad: Vector
    com_velocity_m_s: Vector
    cop_m: Vector
    contact_force: Vector
    contact_spheres: Vector
    platform: Vector
    support_work_j: Vector
    muscle_work_j: Vector
    control_hz: int
    fell: bool
    physics_fault: bool

    def save(self, path: Path) -> None:
        """Write the recording as a compressed ``.npz``, whole or not at all."""
        values = {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}
        with atomic_write(path) as temporary:
            np.savez_compressed(temporary, allow_pickle=False, format=np.array(FORMAT), **values)

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """Read a recording.

        Raises:
            InputError: If the file is missing, broken or of another format.
        """
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                data: dict[str, NDArray[np.generic]] = {name: file[name] for name in file.files}
        except (OSError, ValueError, EOFError, BadZipFile, zlib.error) as error:
            raise InputError(f"{path}: not a readable recording ({error})") from error
        if int(data.pop("format", np.array(0))) != FORMAT:
            raise InputError(f"{path}: a recording of another format than {FORMAT}")
        missing = {field.name for field in fields(cls)} - set(data)
        if missing:
            raise InputError(
                f"{path}: not a whole recording, it lacks {', '.join(sorted(missing))}"
            )
        return cls(**{name: _plain(value) for name, value in data.items()})


def _plain(value: NDArray[np.generic]) -> Any:
    return value.item() if value.ndim == 0 else value
