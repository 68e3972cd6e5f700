"""Hold files: one for each site, alike but for where they hold."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.support import SITES, SupportKeyframe, SupportMotionSpec, SupportSpec

CATALOG = Catalog.shipped()
HOLDS = {name: CATALOG.load(SupportSpec, name) for name in CATALOG.names(SupportSpec)}
PELVIS = HOLDS["pelvis"]


def changed(**changes: Any) -> SupportSpec:
    return SupportSpec.model_validate({**PELVIS.model_dump(), **changes})


def test_every_site_has_a_file() -> None:
    assert set(SITES) <= set(HOLDS)


def test_hands_are_the_same_at_every_site() -> None:
    """Otherwise a study would compare hands, not places."""
    for name in SITES:
        ours, theirs = (
            spec.model_dump(exclude={"title", "segment", "height"})
            for spec in (HOLDS[name], PELVIS)
        )
        assert ours == theirs


def test_only_none_holds_nothing() -> None:
    assert [name for name in SITES if HOLDS[name].segment is None] == ["none"]


def test_trunk_sites_go_down_as_the_list_of_sites_does() -> None:
    heights = [HOLDS[name].height for name in ("shoulder_girdle", "axillae", "lower_ribs")]
    heights += [HOLDS[name].height for name in ("waist", "pelvis")]
    assert {height.unit for height in heights} == {"trunk_length"}
    values = [height.value for height in heights]
    assert values == sorted(values, reverse=True)


def test_hands_begin_to_move_when_the_episode_begins_or_later() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        SupportKeyframe(time_s=-1, offset=(0, 0, 0))


def test_hands_cannot_go_back_in_time() -> None:
    path = [{"time_s": time, "offset": [0, 0, 0]} for time in (0, 2, 1)]
    with pytest.raises(ValidationError, match="time_s"):
        changed(support_motion={"path": path})


def test_a_path_begins_where_hands_take_hold() -> None:
    with pytest.raises(ValidationError, match=r"first `offset` must be \[0, 0, 0\]"):
        SupportMotionSpec(path=(SupportKeyframe(time_s=0, offset=(0, 0, 0.1)),))


@pytest.mark.parametrize("time_s", [-0.5, 0.0, 61.0])
def test_hands_go_along_with_a_time_constant_above_nothing_and_up_to_a_minute(
    time_s: float,
) -> None:
    with pytest.raises(ValidationError, match=r"follow_s.2.*\n.* than (or equal to )?(0|60)"):
        SupportMotionSpec(follow_s=(None, None, time_s))


@pytest.mark.parametrize("limit", [-1.0, 0.0, 11.0])
def test_hands_yield_to_a_pull_that_is_one(limit: float) -> None:
    with pytest.raises(ValidationError, match="yields_above"):
        SupportMotionSpec(yields_above=limit)


@pytest.mark.parametrize("offset", [(3.5, 0, 0), (0, 0, -3.5)])
def test_hands_stay_within_three_body_lengths(offset: tuple[float, float, float]) -> None:
    with pytest.raises(ValidationError, match="offset"):
        SupportKeyframe(time_s=0, offset=offset)


@pytest.mark.parametrize("name", SITES)
def test_hands_at_the_sites_stand_still(name: str) -> None:
    assert HOLDS[name].support_motion == SupportMotionSpec()


def test_a_child_may_be_held_by_the_forearms_or_hold_on_itself() -> None:
    by_forearms, by_hands = HOLDS["forearms"], HOLDS["hands"]
    assert by_forearms.segment == by_hands.segment == "forearm"
    assert by_forearms.height.value < by_hands.height.value
    assert by_hands.rotation_stiffness.value == by_hands.largest_torque.value == 0
    assert not {"forearms", "hands"} & set(SITES)


def test_a_height_on_the_trunk_needs_a_trunk_segment() -> None:
    with pytest.raises(ValidationError, match="trunk"):
        changed(segment="head")


def test_a_segment_that_nobody_has_is_refused() -> None:
    with pytest.raises(ValidationError, match="pelvis"):
        changed(segment="belly")


@pytest.mark.parametrize("field", ["stiffness", "damping_ratio", "largest_force"])
def test_hands_do_not_push_away_what_they_hold(field: str) -> None:
    quantity = {**PELVIS.model_dump()[field], "value": -1.0}
    with pytest.raises(ValidationError, match=field):
        changed(**{field: quantity})
