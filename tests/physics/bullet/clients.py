"""Both clients of Bullet, and small bodies for them."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet.c_api import library
from dmi_sim.physics.bullet.client import Client
from dmi_sim.physics.bullet.direct_client import DirectClient

AnyClient: TypeAlias = Client | DirectClient
ClientMaker: TypeAlias = Callable[[float], AnyClient]

DT_S = 1 / 240
THIGH = Infant.from_spec(7).segments["left_thigh"]


def direct(dt_s: float) -> DirectClient:
    """A client of Bullet's C interface."""
    lib = library()
    if lib is None:
        pytest.skip("this build of pybullet hides Bullet's C interface")
    return DirectClient(dt_s, lib)


CLIENTS: Mapping[str, ClientMaker] = {"plain": Client, "direct": direct}


def pendulum_urdf(kind: str) -> str:
    """A thigh that hangs from a fixed point."""
    x, y, z = THIGH.inertia_kgm2
    return "\n".join(
        [
            '<robot name="pendulum">',
            '<link name="fixed"><inertial><mass value="0"/>',
            '<inertia ixx="0" iyy="0" izz="0" ixy="0" ixz="0" iyz="0"/></inertial></link>',
            f'<link name="thigh"><inertial><origin xyz="0 0 {THIGH.com_m[2]}"/>',
            f'<mass value="{THIGH.mass_kg}"/>',
            f'<inertia ixx="{x}" iyy="{y}" izz="{z}" ixy="0" ixz="0" iyz="0"/></inertial></link>',
            f'<joint name="hip" type="{kind}"><parent link="fixed"/><child link="thigh"/>',
            '<axis xyz="0 1 0"/></joint>',
            "</robot>",
        ]
    )


def read_body(client: AnyClient, body: int, size: tuple[int, int]) -> tuple[Vector, Vector]:
    """Positions and velocities of a body that has so many."""
    q, u = np.full(size[0], np.nan), np.full(size[1], np.nan)
    client.read(body, q, u)
    return q, u


def pendulum_angle(client: AnyClient, body: int, size: int) -> list[float]:
    """Position of the joint of a pendulum: an angle [rad], or a quaternion of size 4."""
    q, _ = read_body(client, body, (7 + size, 6 + (1 if size == 1 else 3)))
    return q[7:].tolist()
