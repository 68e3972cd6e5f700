"""A recorded episode as arrays over control steps, from which outcomes and pictures are made."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import nan
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.errors import InputError
from dmi_sim.files import atomic_write

FORMAT = 5
"""Version of the file format; :meth:`Recording.load` reads this one and the one before."""


@dataclass(frozen=True, eq=False)
class Recording:
    """One episode: T control steps, 15 segments, 34 axes, n muscles, h hands, k contact spheres.

    The first sample is the start, then one follows for each control step. A recording equals itself
    only, so what was once computed from it can be looked up by it.

    Attributes:
        time_s: Time since the start of the episode [s], shape (T,).
        segment_pos_world: Segment origins, world [m], shape (T, 15, 3).
        segment_quat_world: Segment orientations (x, y, z, w), world, shape (T, 15, 4).
        com_m: Centre of mass, world [m], shape (T, 3).
        head_height_m: Height of the centre of mass of the head [m], shape (T,).
        upright_rad: Tilt of the trunk from the vertical [rad], shape (T,).
        support_force_n: Norm of the total force of the hands [N], shape (T,).
        support_share: Upward force of the hands over body weight [1], shape (T,).
        support_pos_world: Support points, world [m], shape (T, h, 3); NaN while a hand does not
            hold.
        support_force_world: Force of each hand on the infant, world [N], shape (T, h, 3).
        support_site: Name of the support that holds, ``none`` without hands, shape (T,).
        support_strength: Its strength, 0 to 1, shape (T,).
        push_force_world: Summed force of all pushes and pulls, world [N], shape (T, 3).
        activation_rms: Root mean square of all activations [0..1], shape (T,).
        activation: Activations of the muscles [0..1], single precision, shape (T, n).
        muscle_names: Names of the muscles, such as ``left_multifidus``, shape (n,).
        joint_angle_rad: Anatomical angles [rad], shape (T, 34).
        joint_velocity_rad_s: Rates of the anatomical angles [rad/s], shape (T, 34).
        com_velocity_m_s: Velocity of the centre of mass, world [m/s], shape (T, 3).
        cop_m: Centre of pressure, world [m], shape (T, 3); NaN without any contact.
        contact_force: Force of ground and furniture on each segment over body weight [1], shape
            (T, 15).
        contact_spheres: Contact spheres, shape (k, 5): index of the segment, centre in the segment
            frame [m], radius [m].
        platform: Shift of the platform forward and left [m], and its tilt about x and y [rad],
            shape (T, 4).
        support_work_j: Work of the hands on the infant so far, positive and negative [J], shape
            (T, 2).
        muscle_work_j: Work of the muscles so far, positive and negative [J], shape (T, 2).
        mass_kg: Body mass [kg].
        stride_hz: Cycles a second of the rhythm of the exercise [Hz]; NaN if it has none.
        control_hz: Control steps per second [Hz].
        fell: Whether the episode ended with a fall, whatever was achieved before.
        is_success: Whether the exercise was completed; whether a later fall counts its file says.
        completion: Completed share of the exercise, 0 to 1.
        physics_fault: Whether the episode ended because the simulation became unstable.
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
    support_site: NDArray[np.str_]
    support_strength: Vector
    push_force_world: Vector
    activation_rms: Vector
    activation: NDArray[np.float32]
    muscle_names: NDArray[np.str_]
    joint_angle_rad: Vector
    joint_velocity_rad_s: Vector
    com_velocity_m_s: Vector
    cop_m: Vector
    contact_force: Vector
    contact_spheres: Vector
    platform: Vector
    support_work_j: Vector
    muscle_work_j: Vector
    mass_kg: float
    stride_hz: float
    control_hz: int
    fell: bool
    is_success: bool
    completion: float
    physics_fault: bool

    def save(self, path: Path) -> None:
        """Write the recording as a compressed ``.npz`` file, atomically.

        Args:
            path: File to write; an existing one is replaced.
        """
        values = {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}
        with atomic_write(path) as temporary:
            np.savez_compressed(temporary, allow_pickle=False, format=np.array(FORMAT), **values)

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """Read a recording that :meth:`save` wrote; nothing in it is executed.

        Args:
            path: File to read.

        Raises:
            InputError: If the file is missing, damaged or of another format.
        """
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                data: dict[str, NDArray[np.generic]] = {name: file[name] for name in file.files}
        except (OSError, ValueError, EOFError, BadZipFile, zlib.error) as error:
            raise InputError(f"{path}: not a readable recording ({error})") from error
        found = int(data.pop("format", np.array(0)))
        if found == FORMAT - 1:
            data = _unknown_before(data) | data
        elif found != FORMAT:
            raise InputError(
                f"{path}: a recording of format {found}, and this version reads format {FORMAT}; "
                "record it anew"
            )
        missing = {field.name for field in fields(cls)} - set(data)
        if missing:
            raise InputError(
                f"{path}: an incomplete recording, it lacks {', '.join(sorted(missing))}"
            )
        return cls(**{name: _plain(value) for name, value in data.items()})


def _unknown_before(data: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """What the format before did not hold, as not known: outcomes made from it are NaN."""
    unknown: NDArray[np.generic] = np.array(nan)
    shape = data["joint_angle_rad"].shape if "joint_angle_rad" in data else ()
    velocity: NDArray[np.generic] = np.full(shape, nan)
    return {"joint_velocity_rad_s": velocity, "mass_kg": unknown, "stride_hz": unknown}


def _plain(value: NDArray[np.generic]) -> Any:
    return value.item() if value.ndim == 0 else value
