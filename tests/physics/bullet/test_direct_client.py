"""Bullet's C interface does what pybullet's functions do, to the bit, and leaves nothing behind."""

import gc
import inspect
import sys
from collections.abc import Callable, Generator, Mapping
from itertools import pairwise

import numpy as np
import pytest

from dmi_sim.body.rotation import quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet import c_api
from dmi_sim.physics.bullet.client import AT_REST, UPRIGHT, Client
from dmi_sim.physics.bullet.direct_client import DirectClient
from dmi_sim.physics.bullet.engine import BulletEngine, joint_positions
from dmi_sim.physics.coordinates import IS_HINGE, N_Q, N_U
from tests.physics.bullet.clients import (
    DT_S,
    AnyClient,
    direct,
    pendulum_angle,
    pendulum_urdf,
    read_body,
)

pytestmark = pytest.mark.skipif(
    c_api.library() is None, reason="this build of pybullet hides Bullet's C interface"
)

INFANT = Infant.from_spec(7)
URDF = INFANT.urdf("bullet")
TURNED = quaternion_of(np.array([0.3, -0.2, 0.5])).tolist()
ANGLE = np.random.default_rng(3).normal(0, 0.3, 34)
SEEN_ONLY = {"add_solid", "picture"}
"""What stays with pybullet."""

FLOOR, BOARD, RAIL, BODY = range(4)
"""Ids of the bodies in a furnished world."""


def furnished(client: AnyClient) -> int:
    """An infant who lies across a rail above a board; gives the id of a snapshot."""
    assert client.add_obstacle(("box", (5.0, 5.0, 5.0)), (0.0, 0.0, -5.3)) == FLOOR
    assert client.add_obstacle(("box", (0.75, 0.75, 0.025)), (0.0, 0.0, -0.025)) == BOARD
    assert client.add_obstacle(("capsule", (0.04, 0.6)), (0.05, 0.1, 0.1), TURNED) == RAIL
    assert client.add_body(URDF) == BODY
    client.release_motors(BODY)
    for link in range(-1, 14):
        client.set_surface(BODY, link, 0.4 + 0.02 * link)
        client.set_collision_filter(BODY, link, 4 if link % 2 else 8, 12)
    client.detect_collisions()
    return client.save()


def take_pose(client: AnyClient, speed: float = 0.0) -> None:
    """Above the rail, turned, bent, and in motion if told so."""
    random = np.random.default_rng(8)
    joints = [(speed * random.normal(size=1 if hinge else 3)).tolist() for hinge in IS_HINGE]
    client.set_base(BODY, (0.0, 0.05, 0.3), TURNED)
    client.set_joints(BODY, joint_positions(ANGLE), joints)
    client.set_base_velocity(BODY, *(speed * random.normal(size=(2, 3))).tolist())


def seen(client: AnyClient) -> list[object]:
    """All that a client tells of the infant and the board."""
    coordinates = (*read_body(client, BODY, (N_Q, N_U)), *read_body(client, BOARD, (7, 6)))
    told = (*coordinates, client.contact_forces(BODY))
    return [*(one.tolist() for one in told), client.contacts(BODY)]


def fall(client: AnyClient, steps: int = 60) -> None:
    for _ in range(steps):
        client.step()


def push(client: AnyClient) -> None:
    """Forces and torques on base and links, joint torques, and a board that is moved."""
    random = np.random.default_rng(1)
    for step in range(30):
        client.apply_torques(BODY, random.normal(0, 0.5, N_U - 6))
        for link in (-1, 3, 13):
            client.apply_force(BODY, link, random.normal(size=3).tolist(), (0.1, 0.0, 0.3))
            client.apply_torque(BODY, link, (0.1 * random.normal(size=3)).tolist())
        client.set_base_velocity(BOARD, (0.02 * step, 0.0, 0.0), (0.0, 0.3, 0.1))
        client.step()


def lock(client: AnyClient) -> None:
    client.use_high_accuracy_solver()
    client.lock_motors(BODY, joint_positions(ANGLE))
    fall(client, 30)


def begin_anew(client: AnyClient) -> None:
    """A world that was emptied and furnished a second time."""
    fall(client, 10)
    client.clear()
    furnished(client)
    take_pose(client)
    fall(client)


def meet_at_once(client: AnyClient) -> None:
    """Contacts of the present pose, without a step."""
    client.set_base(BODY, (0.0, 0.05, 0.12), TURNED)
    client.detect_collisions()


DEEDS: Mapping[str, Callable[[AnyClient], None]] = {
    "fall": fall,
    "push": push,
    "lock": lock,
    "begin anew": begin_anew,
    "meet at once": meet_at_once,
}


@pytest.fixture(scope="module")
def both() -> Generator[tuple[AnyClient, AnyClient]]:
    """A client of each kind with the same things in its world."""
    made: tuple[AnyClient, AnyClient] = (Client(DT_S), direct(DT_S))
    yield made
    for client in made:
        client.close()


@pytest.mark.parametrize("speed", [0.0, 1.0])
@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_whatever_is_done_comes_out_alike(
    both: tuple[AnyClient, AnyClient], deed: Callable[[AnyClient], None], speed: float
) -> None:
    ends: list[object] = []
    for client in both:
        client.clear()
        furnished(client)
        take_pose(client, speed)
        deed(client)
        ends.append(seen(client))
    assert ends[0] == ends[1]


def test_a_body_in_contact_feels_friction_and_itself(both: tuple[AnyClient, AnyClient]) -> None:
    """What was compared above was there: forces aslant, of several bodies, and own contacts."""
    for client in both:
        client.clear()
        furnished(client)
        take_pose(client, 1.0)
        others: set[int] = set()
        largest_n = 0.0
        for _ in range(120):
            client.step()
            others |= {contact.other for contact in client.contacts(BODY)}
            forces = client.contact_forces(BODY)
            largest_n = max(largest_n, float(np.abs(forces[:, 3:5]).max(initial=0.0)))
        assert others == {BOARD, RAIL, BODY}
        assert largest_n > 1.0


def test_a_snapshot_brings_back_the_very_world(both: tuple[AnyClient, AnyClient]) -> None:
    ends: list[object] = []
    for client in both:
        client.clear()
        snapshot = furnished(client)
        for _ in range(2):
            client.restore(snapshot)
            client.set_base(BODY, (0.0, 0.0, 100.0), UPRIGHT)  # where contacts are forgotten
            client.detect_collisions()
            take_pose(client)
            fall(client)
            ends.append(seen(client))
    assert all(one == other for one, other in pairwise(ends))


def test_joints_have_the_names_that_pybullet_gives_them(
    both: tuple[AnyClient, AnyClient],
) -> None:
    names: list[list[str]] = []
    for client in both:
        client.clear()
        furnished(client)
        names.append(client.joint_names(BODY))
        assert client.joint_names(FLOOR) == []
    assert names[0] == names[1]
    assert len(set(names[0])) == len(IS_HINGE)


@pytest.mark.parametrize(("kind", "start"), [("continuous", [0.4]), ("spherical", TURNED)])
def test_a_motor_that_is_not_released_drives_a_joint(
    both: tuple[AnyClient, AnyClient], kind: str, start: list[float]
) -> None:
    swings: list[float] = []
    for is_released in (False, True):
        ends: list[list[float]] = []
        for client in both:
            client.clear()
            body = client.add_body(pendulum_urdf(kind))
            if is_released:
                client.release_motors(body)
            client.set_joints(body, [start], [[0.0] * (1 if len(start) == 1 else 3)])
            fall(client, 40)
            ends.append(pendulum_angle(client, body, len(start)))
        assert ends[0] == ends[1]
        swings.append(float(np.abs(np.subtract(ends[0], start)).max()))
    assert swings[0] != swings[1]
    assert swings[0] < 0.01 or kind == "spherical"  # whose motor turns it to where it was built


def methods(kind: type[object]) -> dict[str, list[str]]:
    """Public methods and their parameters."""
    found = inspect.getmembers(kind, inspect.isfunction)
    return {n: list(inspect.signature(f).parameters) for n, f in found if not n.startswith("_")}


def test_both_clients_have_the_same_methods() -> None:
    theirs = methods(Client)
    assert theirs.keys() >= SEEN_ONLY
    assert methods(DirectClient) == {n: p for n, p in theirs.items() if n not in SEEN_ONLY}


ARGUMENTS: Mapping[str, tuple[object, ...]] = {
    "add_body": (URDF,),
    "add_obstacle": (("box", (1.0, 1.0, 1.0)), (0.0, 0.0, 0.0)),
    "apply_force": (0, 0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    "apply_torque": (0, 0, (0.0, 0.0, 0.0)),
    "apply_torques": (0, np.zeros(N_U - 6)),
    "contact_forces": (0,),
    "contacts": (0,),
    "joint_names": (0,),
    "lock_motors": (0, joint_positions(ANGLE)),
    "read": (0, np.zeros(N_Q), np.zeros(N_U)),
    "release_motors": (0,),
    "restore": (0,),
    "set_base": (0, (0.0, 0.0, 0.0), TURNED),
    "set_base_velocity": (0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    "set_collision_filter": (0, 0, AT_REST, AT_REST),
    "set_joints": (0, joint_positions(ANGLE), [[0.0] * (1 if hinge else 3) for hinge in IS_HINGE]),
    "set_surface": (0, 0, 1.0),
}
"""Of methods that need some."""


@pytest.mark.parametrize("name", sorted(methods(DirectClient).keys() - {"close"}))
def test_a_closed_client_refuses_every_method(name: str) -> None:
    """A handle of a world that is no more would be a crash."""
    client = direct(DT_S)
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        getattr(client, name)(*ARGUMENTS.get(name, ()))


def test_a_body_that_cannot_be_read_is_said_so() -> None:
    client = direct(DT_S)
    with pytest.raises(RuntimeError, match="cannot load the URDF"):
        client.add_body("<robot>")
    client.close()


def test_a_forgotten_client_is_freed() -> None:
    client = direct(DT_S)
    end = client._disconnect  # pyright: ignore[reportPrivateUsage]
    assert end.alive
    del client
    gc.collect()
    assert not end.alive


def peak_mib() -> float:
    """The most memory that this process has had."""
    resource = pytest.importorskip("resource")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "forgotten"])
def test_dozens_of_worlds_take_no_more_memory_than_one(is_closed: bool) -> None:
    def build() -> None:
        engine = BulletEngine(INFANT, DT_S)
        engine.step()
        engine.contacts()
        if is_closed:
            engine.close()

    for _ in range(4):
        build()
    before = peak_mib()
    for _ in range(32):
        build()
    assert peak_mib() - before < 28  # that of one world
