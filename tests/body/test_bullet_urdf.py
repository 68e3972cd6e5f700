"""Bullet's URDF: complete, finite, one element per line, deterministic."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.infant import Infant

INFANTS = [Infant.from_spec(age, sex) for age in (0, 7, 24) for sex in ("female", "male")]


def numbers(text: str | None) -> list[float]:
    return [float(word) for word in (text or "").split()]


@pytest.mark.parametrize("infant", INFANTS, ids=str)
def test_every_line_holds_one_element_and_stays_short(infant: Infant) -> None:
    lines = infant.urdf("bullet").splitlines()
    assert max(len(line) for line in lines) < 200
    assert all(len(re.findall(r"<(?!/)(?!sphere)", line)) <= 1 for line in lines)


@pytest.mark.parametrize("infant", INFANTS, ids=str)
def test_every_number_is_finite_and_every_mass_positive(infant: Infant) -> None:
    tree = ElementTree.fromstring(infant.urdf("bullet"))
    inertias = [numbers(e.get(m)) for e in tree.iter("inertia") for m in ("ixx", "iyy", "izz")]
    masses = [numbers(e.get("value")) for e in tree.iter("mass")]
    origins = [numbers(e.get("xyz")) for e in tree.iter("origin")]
    assert np.isfinite([*np.ravel(inertias), *np.ravel(masses), *np.ravel(origins)]).all()
    assert min(np.ravel(inertias)) > 0
    assert np.sum(masses) == pytest.approx(infant.mass_kg)


def test_links_and_joints_stand_in_the_order_of_the_segments() -> None:
    tree = ElementTree.fromstring(INFANTS[0].urdf("bullet"))
    assert [link.get("name") for link in tree.iter("link")] == [p.name for p in SEGMENTS]
    joints = [(joint.get("name"), joint.get("type")) for joint in tree.iter("joint")]
    kinds = {True: "continuous", False: "spherical"}
    assert joints == [(p.joint, kinds[p.is_hinge]) for p in SEGMENTS[1:]]


def test_the_base_frame_is_the_centre_of_mass_of_the_pelvis() -> None:
    infant = INFANTS[2]
    tree = ElementTree.fromstring(infant.urdf("bullet"))
    first_origin = next(tree.iter("origin"))
    assert numbers(first_origin.get("xyz")) == pytest.approx([0, 0, 0], abs=1e-15)
    hip = next(j for j in tree.iter("joint") if j.get("name") == "left_hip").find("origin")
    pelvis, thigh = infant.segments["pelvis"], infant.segments["left_thigh"]
    assert hip is not None
    expected = np.subtract(thigh.joint_m, pelvis.com_m)
    assert numbers(hip.get("xyz")) == pytest.approx(expected.tolist())


def test_the_inertia_of_a_link_is_anatomical_inertia_plus_the_inertia_floor() -> None:
    infant = INFANTS[2]
    tree = ElementTree.fromstring(infant.urdf("bullet"))
    for link, segment in zip(tree.iter("link"), infant.ordered_segments, strict=True):
        inertia = next(link.iter("inertia"))
        ixx = float(inertia.get("ixx", "nan"))
        assert ixx == pytest.approx(segment.inertia_kgm2[0] + segment.inertia_floor_kgm2)


def test_the_same_infant_gives_the_same_text() -> None:
    assert Infant.from_spec(7).urdf("bullet") == Infant.from_spec(7).urdf("bullet")
    assert Infant.from_spec(7).urdf("bullet") != Infant.from_spec(7, length_z=0.1).urdf("bullet")
