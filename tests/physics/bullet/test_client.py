"""The client: a pendulum swings as it must, ids cannot be mixed up, closing is safe."""

import ast
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.physics.bullet import client as client_module
from dmi_sim.physics.bullet.client import Client
from tests.physics.bullet.clients import (
    CLIENTS,
    DT_S,
    THIGH,
    ClientMaker,
    pendulum_angle,
    pendulum_urdf,
)


@pytest.fixture(params=CLIENTS)
def make(request: pytest.FixtureRequest) -> ClientMaker:
    return CLIENTS[request.param]


def swing(
    make: ClientMaker, kind: str, start: list[float], angle: Callable[[list[float]], float]
) -> list[float]:
    """Angles of a pendulum [rad] over ten seconds."""
    client = make(DT_S)
    body = client.add_body(pendulum_urdf(kind))
    client.release_motors(body)
    client.set_surface(body, 0, 0.5)
    client.set_surface(body, -1, 0.5)
    client.set_joints(body, [start], [[0.0] * (1 if len(start) == 1 else 3)])
    trace: list[float] = []
    for _ in range(2400):
        trace.append(angle(pendulum_angle(client, body, len(start))))
        client.step()
    client.close()
    return trace


def period_s(trace: list[float]) -> float:
    """Mean time between upward passages of zero [s]."""
    y = np.array(trace)
    up = np.flatnonzero((y[:-1] < 0) & (y[1:] >= 0))
    times = (up - y[up] / (y[up + 1] - y[up])) * DT_S
    return float(np.diff(times).mean())


@pytest.mark.parametrize(
    ("kind", "start", "angle"),
    [
        ("continuous", [0.1], lambda state: state[0]),
        (
            "spherical",
            [0.0, np.sin(0.05), 0.0, np.cos(0.05)],
            lambda state: 2 * np.arctan2(state[1], state[3]),
        ),
    ],
)
def test_a_free_thigh_swings_with_the_period_of_a_physical_pendulum(
    make: ClientMaker, kind: str, start: list[float], angle: Callable[[list[float]], float]
) -> None:
    trace = swing(make, kind, start, angle)
    lever = -THIGH.com_m[2]
    inertia = THIGH.inertia_kgm2[1] + THIGH.mass_kg * lever**2
    small = 2 * np.pi * np.sqrt(inertia / (THIGH.mass_kg * 9.81 * lever))
    assert period_s(trace) == pytest.approx(small * (1 + 0.1**2 / 16), rel=1e-3)
    assert max(np.abs(trace[-240:])) == pytest.approx(0.1, rel=5e-3)


def test_a_closed_client_refuses_to_work_and_may_be_closed_twice(make: ClientMaker) -> None:
    client = make(DT_S)
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.add_obstacle(("box", (1.0, 1.0, 1.0)), (0.0, 0.0, -1.0))
    with pytest.raises(RuntimeError, match="closed"):
        _ = client.id


def test_a_client_that_was_closed_does_not_drive_the_one_that_got_its_number(
    make: ClientMaker,
) -> None:
    first = make(DT_S)
    number = first.id
    first.close()
    second = make(DT_S)
    body = second.add_body(pendulum_urdf("continuous"))
    second.release_motors(body)
    second.set_joints(body, [[0.5]], [[0.0]])
    before = pendulum_angle(second, body, 1)
    if isinstance(second, Client):
        assert second.id == number
    with pytest.raises((RuntimeError, TypeError)):
        first.step()
    assert pendulum_angle(second, body, 1) == before
    second.close()


def test_every_call_into_bullet_says_which_world_it_means() -> None:
    without_world = {"connect", "computeViewMatrix", "computeProjectionMatrixFOV"}
    source = ast.parse(Path(client_module.__file__).read_text())
    calls = [
        node
        for node in ast.walk(source)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) in ("b", "self._bullet")
    ]
    silent = [
        ast.unparse(call.func)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr not in without_world
        and "physicsClientId" not in {keyword.arg for keyword in call.keywords}
    ]
    assert len(calls) > 20
    assert silent == []
