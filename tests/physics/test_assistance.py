"""The lower the hands, the less they hold up of an infant who lets go: support changes demand.

Assistance is height that the hands keep, see :mod:`dmi_sim.outcome.assistance`. The load on the
hands is another thing: an infant that folds up and hangs in low hands loads them more than one that
high hands keep upright, and hands around the legs of a sitter carry legs that the floor would
carry as well.
"""

from collections.abc import Sequence

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import silent_command
from dmi_sim.outcome.assistance import assistance_share
from dmi_sim.physics.pose import UPRIGHT, Pose
from dmi_sim.physics.state import State
from dmi_sim.physics.support import build_support
from dmi_sim.physics.world import World
from dmi_sim.spec.exercise import posture_rad
from dmi_sim.spec.support import SupportSpec
from tests.mechanics import WorldFactory, run

CATALOG = Catalog.shipped()
TRUNK = ("head", "shoulder_girdle", "axillae", "lower_ribs", "waist")
LEGS = ("pelvis", "thighs", "shanks", "feet")
SETTLED_S = 4.0


def lets_go(world: World, site: str) -> list[State]:
    """An infant at rest in its start pose that lets all muscles go, in hands of full strength."""
    hold = build_support(CATALOG.load(SupportSpec, site), world.infant, 1.0)
    return run(world, world.start, SETTLED_S, hold, command=silent_command(world.infant.muscles))


def heights_kept(world: World, sites: Sequence[str]) -> list[float]:
    """Share of the height lost without hands that hands at each site keep in the end [0..1]."""
    *held_m, free_m = (lets_go(world, site)[-1].com_m[2] for site in (*sites, "none"))
    start_m = run(world, world.start, 0.0)[0].com_m[2]
    return [float(assistance_share(one_m, free_m, start_m)) for one_m in held_m]


@pytest.fixture(scope="module")
def standing() -> World:
    """A child of twelve months on straight legs."""
    infant = Infant.from_spec(12)
    angles = posture_rad({"shoulder.abduction": 10, "hip.abduction": 5})
    return World(infant, Pose(np.array([0, 0, infant.length_m]), UPRIGHT.copy(), angles), 240)


def test_the_lower_the_hands_the_less_they_keep_of_the_height_of_a_limp_stander(
    standing: World,
) -> None:
    kept = heights_kept(standing, (*TRUNK, *LEGS))
    assert (np.diff(kept) < 0).all()
    assert kept[0] > 0.9
    assert kept[-1] == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("age_months", [5, 7, 9])
def test_the_lower_the_hands_the_less_they_keep_of_the_height_of_a_limp_sitter(
    worlds_at: WorldFactory, age_months: float
) -> None:
    """What is below the waist is on the floor anyway: hands there keep nothing up."""
    _, world = worlds_at(age_months)
    trunk, legs = heights_kept(world, TRUNK), heights_kept(world, LEGS)
    assert (np.diff(trunk) < 0).all()
    assert trunk[0] > 0.9
    assert [trunk[-1], *legs] == pytest.approx([0.0] * 5, abs=0.05)


def test_an_infant_that_folds_up_in_low_hands_loads_them_more_than_one_kept_upright(
    standing: World,
) -> None:
    upright, folded = (lets_go(standing, site)[-1] for site in ("axillae", "waist"))
    assert upright.com_m[2] > folded.com_m[2]
    assert upright.support_share < folded.support_share
    assert folded.support_share == pytest.approx(1.0, abs=0.05)


def test_hands_around_a_sitters_thighs_carry_legs_and_keep_nobody_up(
    worlds_at: WorldFactory,
) -> None:
    _, world = worlds_at(7)
    chest, thighs = (lets_go(world, site)[-1] for site in ("axillae", "thighs"))
    assert thighs.support_share > chest.support_share
    assert thighs.head_height_m < 0.5 * chest.head_height_m
