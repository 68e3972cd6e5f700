"""MJCF text: the infant of the URDF, ready for a scene of MuJoCo."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX, SEGMENTS
from dmi_sim.body.mjcf import FREE_JOINT, mjcf_text
from dmi_sim.infant import Infant
from tests.body import peer
from tests.body.peer import mujoco

INFANTS = [Infant.from_spec(age, sex) for age in (0, 6, 24) for sex in ("female", "male")]
INFANT = INFANTS[2]
SCENE = """<mujoco>
  <include file="infant.xml"/>
  <worldbody><geom name="floor" type="plane" size="1 1 0.1"/></worldbody>
</mujoco>"""


def names(text: str, *tags: str) -> list[str | None]:
    """Names of all elements of some kinds, in the order of the text."""
    tree = ElementTree.fromstring(text)
    return [element.get("name") for element in tree.iter() if element.tag in tags]


@pytest.mark.parametrize("infant", INFANTS, ids=str)
def test_every_line_holds_one_element_and_stays_short(infant: Infant) -> None:
    lines = infant.mjcf().splitlines()
    assert max(len(line.strip()) for line in lines) < 200
    assert all(len(re.findall(r"<[^/]", line)) <= 1 for line in lines)


def test_bodies_and_joints_have_the_names_of_the_urdf() -> None:
    mjcf, urdf = INFANT.mjcf(), INFANT.urdf("bullet")
    assert names(mjcf, "body") == names(urdf, "link")
    assert names(mjcf, "freejoint", "joint") == [FREE_JOINT, *names(urdf, "joint")]
    geoms, spheres = names(mjcf, "geom")[1:], names(urdf, "collision")  # the first is the class
    assert len(set(geoms)) == len(geoms)
    for geom, sphere in zip(geoms, spheres, strict=True):
        assert str(geom).endswith(f"_{sphere}")


@pytest.mark.parametrize("infant", INFANTS, ids=str)
def test_mujoco_reads_the_masses_inertias_and_joints_of_the_infant(infant: Infant) -> None:
    model = peer.model_of(infant)
    for segment in infant.ordered_segments:
        body = model.body(segment.node.name)
        moments = np.array(segment.inertia_kgm2) + segment.inertia_floor_kgm2
        assert body.mass[0] == segment.mass_kg
        assert body.ipos.tolist() == list(segment.com_m)
        assert sorted(body.inertia) == pytest.approx(sorted(moments), rel=1e-12)
    for node in SEGMENTS[1:]:
        kind = mujoco.mjtJoint.mjJNT_HINGE if node.is_hinge else mujoco.mjtJoint.mjJNT_BALL
        assert model.joint(node.joint).type[0] == kind
        assert model.body(node.name).pos.tolist() == list(infant.segments[node.name].joint_m)


@pytest.mark.parametrize("infant", INFANTS, ids=str)
def test_the_infant_stands_straight_with_its_soles_on_the_floor(infant: Infant) -> None:
    model = peer.model_of(infant)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    assert (data.geom_xpos[:, 2] - model.geom_size[:, 0]).min() == pytest.approx(0, abs=1e-12)
    vertex = data.xpos[model.body("head").id, 2] + infant.lengths.head
    assert vertex == pytest.approx(infant.length_m, rel=0.01)


def test_included_in_a_scene_the_infant_falls_on_its_floor_and_stays_there(tmp_path: Path) -> None:
    (tmp_path / "infant.xml").write_text(INFANT.mjcf())
    (tmp_path / "scene.xml").write_text(SCENE)
    model = mujoco.MjModel.from_xml_path(str(tmp_path / "scene.xml"))
    model.dof_damping[6:] = 0.1
    data = mujoco.MjData(model)
    mujoco.mj_step(model, data, 2000)
    head, skull = data.xipos[model.body("head").id, 2], INFANT.segments["head"].spheres[0]
    assert 0.5 * skull.radius_m < head < 0.3 * INFANT.length_m
    assert data.contact.friction[0, 0] == INFANT.anthropometry.spec.contact_friction.value


def test_only_the_pairs_that_the_file_names_touch() -> None:
    folded = np.zeros(34)
    for joint in ("left_hip", "right_hip", "left_knee", "right_knee", "left_elbow"):
        folded[AXIS_INDEX[f"{joint}.flexion"]] = 2.4
    for joint in ("waist", "thoracolumbar", "thoracic"):
        folded[AXIS_INDEX[f"{joint}.flexion"]] = 0.5
    model = peer.model_of(INFANT)
    data = peer.posed(model, np.zeros(3), peer.LEVEL, folded)
    kinds = [segment.node.kind for segment in INFANT.ordered_segments]
    touching = {
        frozenset(kinds[model.geom_bodyid[geom] - 1] for geom in pair) for pair in data.contact.geom
    }
    assert touching
    assert touching <= {frozenset(pair) for pair in INFANT.anthropometry.spec.touching_pairs}


def test_without_pairs_no_segment_touches_another() -> None:
    model = mujoco.MjModel.from_xml_string(mjcf_text(INFANT.ordered_segments, "doll"))
    assert model.npair == 0
    assert not np.any(model.geom_contype & model.geom_conaffinity)
    assert ElementTree.fromstring(mjcf_text(INFANT.ordered_segments, "doll")).get("model") == "doll"


def test_the_same_infant_gives_the_same_text() -> None:
    assert Infant.from_spec(7).mjcf() == Infant.from_spec(7).mjcf()
    assert Infant.from_spec(7).mjcf() != Infant.from_spec(7, length_z=0.1).mjcf()
