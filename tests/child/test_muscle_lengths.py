"""Muscles of a child follow what they feel in therapy."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.child import Child
from dmi_sim.child.muscle_lengths import (
    MuscleLengths,
    WorkOfMuscles,
    felt_in_session,
    held_posture_rad,
    lengths_after_week,
    together,
)
from dmi_sim.env.symmetry import is_symmetric
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.spec.adaptation import AdaptationSpec
from dmi_sim.therapy.stretch_rules import Stretch
from tests.child.plain import PLAY, PlainSession, child, programme

SPEC = Catalog.shipped().load(AdaptationSpec, "muscle_length")
MUSCLES = Infant.from_spec(6).muscles
TOES_UP = Stretch(1.0, passive_min=120.0, held_deg=(("ankle.flexion", 20.0),))


def _stretched(minutes: float) -> Stretch:
    return replace(TOES_UP, practice_min=minutes)


def test_a_child_whose_calves_are_stretched_has_longer_ones_the_week_after() -> None:
    one = child(programme=programme(week=[PlainSession()], stretch=_stretched))
    one.run()
    lengths = dict(one.infant.config.fibre_lengths)
    assert lengths["left_soleus"] > 1.005
    assert lengths["left_soleus"] == pytest.approx(lengths["right_soleus"])
    calf = one.infant.muscles.index("left_soleus")
    grown = one.infant.muscles.optimal_length_m[calf]
    assert grown > Infant.from_spec(one.age_months).muscles.optimal_length_m[calf]


def test_play_is_ordinary_life_and_changes_no_muscle() -> None:
    one = child(programme=programme(week=[PLAY]))
    one.run()
    assert one.infant.config.fibre_lengths == ()


def test_a_child_that_plays_for_less_than_it_would_be_stretched_is_stretched_by_nobody() -> None:
    def refused(minutes: float) -> Stretch:
        raise InputError(f"10 minutes leave no practice in {minutes:g}")

    one = child(programme=programme(week=[PLAY], stretch=refused))
    one.run()
    assert one.infant.config.fibre_lengths == ()


def test_practice_with_a_therapist_changes_muscles_without_any_stretching() -> None:
    one = child(programme=programme(week=[PlainSession()]))
    one.run()
    assert one.infant.config.fibre_lengths != ()


def test_muscles_that_do_not_adapt_stay_as_the_body_gives_them() -> None:
    one = child(programme=programme(stretch=_stretched), adaptation=None)
    one.run()
    assert one.infant == Infant.from_spec(one.age_months)


def test_lengths_are_saved_and_resumed_in_mid_week(tmp_path: Path) -> None:
    week = [PlainSession(), PlainSession()]
    plan = programme(week=week, stretch=_stretched)
    whole, saved = (child(programme=plan) for _ in range(2))
    whole.run()
    saved.run(folder=tmp_path / "child")
    resumed = Child.resume(tmp_path / "child", plan)
    assert resumed == whole == saved
    assert resumed.infant == whole.infant


def test_lengths_that_a_child_was_given_are_kept_beside_what_it_adapts_to() -> None:
    one = child(programme=programme(week=[PLAY]), fibre_lengths={"soleus": 0.9})
    one.run()
    assert dict(one.infant.config.fibre_lengths) == {"left_soleus": 0.9, "right_soleus": 0.9}
    assert together({"left_soleus": 0.9}, {"left_soleus": 1.1}) == {"left_soleus": 0.99}


def test_a_week_without_therapy_brings_muscles_back_by_three_quarters() -> None:
    ones = (1.1,) * len(MUSCLES.names)
    nothing = felt_in_session(WorkOfMuscles(MUSCLES), 0.0, Stretch(1.0))
    after = lengths_after_week(MuscleLengths(MUSCLES.names, ones, nothing), SPEC)
    assert after.scale == pytest.approx([1 + 0.1 * np.exp(-7 / 4.7)] * len(ones))


def test_a_child_that_is_its_own_mirror_image_stays_so() -> None:
    one = child(programme=programme(week=[PlainSession()]))
    one.run()
    assert one.infant.config.fibre_lengths
    assert is_symmetric(one.infant)
    assert one.brain.training.mirror_images == child().brain.training.mirror_images


def test_a_child_whose_sides_differ_lives_too_and_each_side_adapts_by_itself() -> None:
    one = child(condition="spastic_cp", condition_options={"topography": "unilateral"})
    assert not one.brain.training.mirror_images
    one.run()
    lengths = dict(one.infant.config.fibre_lengths)
    assert lengths["left_soleus"] != lengths["right_soleus"]


def test_joints_that_nobody_holds_are_at_rest() -> None:
    rest = np.array(MUSCLES.tissue.rest_rad)
    angle_rad = held_posture_rad(MUSCLES, TOES_UP.held_deg)
    assert (angle_rad != rest).sum() == 2
    assert np.degrees(angle_rad[angle_rad != rest]) == pytest.approx([20, 20])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"left_solus": 1.1}, "did you mean 'left_soleus'"),
        ({"soleus": 2.0}, r"fibre_lengths\.soleus: 2\.0 is outside 0\.5 to 1\.5"),
        ({"soleus": "long"}, "is not a number"),
        ([1.0], "is not a mapping"),
    ],
)
def test_lengths_that_no_muscle_can_have_are_refused(given: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        child(fibre_lengths=given)
