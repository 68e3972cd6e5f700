"""Support files: one for each site, equal but for segment and height."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.support import SITES, SupportKeyframe, SupportMotionSpec, SupportSpec

CATALOG = Catalog.shipped()
SUPPORTS = {name: CATALOG.load(SupportSpec, name) for name in CATALOG.names(SupportSpec)}
PELVIS = SUPPORTS["pelvis"]


def changed(**changes: Any) -> SupportSpec:
    return SupportSpec.model_validate({**PELVIS.model_dump(), **changes})


def test_every_site_has_a_file() -> None:
    assert set(SITES) <= set(SUPPORTS)


def test_supports_have_the_same_springs_at_every_site() -> None:
    """Otherwise a study would compare stiffness, not sites."""
    for name in SITES:
        ours, theirs = (
            spec.model_dump(exclude={"title", "segment", "height"})
            for spec in (SUPPORTS[name], PELVIS)
        )
        assert ours == theirs


def test_only_none_supports_no_segment() -> None:
    assert [name for name in SITES if SUPPORTS[name].segment is None] == ["none"]


def test_trunk_sites_go_down_as_the_list_of_sites_does() -> None:
    heights = [SUPPORTS[name].height for name in ("shoulder_girdle", "axillae", "lower_ribs")]
    heights += [SUPPORTS[name].height for name in ("waist", "pelvis")]
    assert {height.unit for height in heights} == {"trunk_length"}
    values = [height.value for height in heights]
    assert values == sorted(values, reverse=True)


def test_a_path_begins_with_the_episode_or_later() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        SupportKeyframe(time_s=-1, offset=(0, 0, 0))


def test_the_keyframes_of_a_path_rise_in_time() -> None:
    path = [{"time_s": time, "offset": [0, 0, 0]} for time in (0, 2, 1)]
    with pytest.raises(ValidationError, match="time_s"):
        changed(support_motion={"path": path})


def test_a_path_begins_at_the_support_point() -> None:
    with pytest.raises(ValidationError, match=r"first `offset` must be \[0, 0, 0\]"):
        SupportMotionSpec(path=(SupportKeyframe(time_s=0, offset=(0, 0, 0.1)),))


@pytest.mark.parametrize("time_s", [-0.5, 0.0, 61.0])
def test_the_time_constant_of_following_is_above_0_and_at_most_a_minute(
    time_s: float,
) -> None:
    with pytest.raises(ValidationError, match=r"follow_s.2.*\n.* than (or equal to )?(0|60)"):
        SupportMotionSpec(follow_s=(None, None, time_s))


@pytest.mark.parametrize("limit", [-1.0, 0.0, 11.0])
def test_the_force_of_yielding_is_above_0_and_at_most_10_body_weights(limit: float) -> None:
    with pytest.raises(ValidationError, match="yields_above"):
        SupportMotionSpec(yields_above=limit)


@pytest.mark.parametrize("offset", [(3.5, 0, 0), (0, 0, -3.5)])
def test_an_offset_is_at_most_three_body_lengths(offset: tuple[float, float, float]) -> None:
    with pytest.raises(ValidationError, match="offset"):
        SupportKeyframe(time_s=0, offset=offset)


@pytest.mark.parametrize("name", SITES)
def test_supports_at_the_sites_do_not_move(name: str) -> None:
    assert SUPPORTS[name].support_motion == SupportMotionSpec()


def test_an_infant_may_be_supported_at_the_forearms_or_hold_on_by_its_hands() -> None:
    by_forearms, by_hands = SUPPORTS["forearms"], SUPPORTS["hands"]
    assert by_forearms.segment == by_hands.segment == "forearm"
    assert by_forearms.height.value < by_hands.height.value
    assert by_hands.rotation_stiffness.value == by_hands.largest_torque.value == 0
    assert not {"forearms", "hands"} & set(SITES)


def test_a_height_on_the_trunk_needs_a_trunk_segment() -> None:
    with pytest.raises(ValidationError, match="trunk"):
        changed(segment="head")


def test_an_unknown_segment_is_refused() -> None:
    with pytest.raises(ValidationError, match="pelvis"):
        changed(segment="belly")


@pytest.mark.parametrize("field", ["stiffness", "damping_ratio", "largest_force"])
def test_stiffness_damping_and_largest_force_are_not_negative(field: str) -> None:
    quantity = {**PELVIS.model_dump()[field], "value": -1.0}
    with pytest.raises(ValidationError, match=field):
        changed(**{field: quantity})


@pytest.mark.parametrize("value", [-3.0, -0.01, 1.01])
@pytest.mark.parametrize("name", [name for name in SUPPORTS if name != "none"])
def test_no_support_is_held_beside_its_segment(name: str, value: float) -> None:
    support = SUPPORTS[name]
    height = {**support.model_dump()["height"], "value": value}
    with pytest.raises(ValidationError, match=r"height: .* is outside 0 to 1"):
        SupportSpec.model_validate({**support.model_dump(), "height": height})
