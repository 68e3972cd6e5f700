"""Hold files: one for each site, alike but for where they hold."""

from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.spec.support import SITES, HoldSpec, KeyTime

CATALOG = Catalog.shipped()
HOLDS = {name: CATALOG.load(HoldSpec, name) for name in CATALOG.names(HoldSpec)}
PELVIS = HOLDS["pelvis"]


def changed(**changes: Any) -> HoldSpec:
    return HoldSpec.model_validate({**PELVIS.model_dump(), **changes})


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
        KeyTime(time_s=-1, offset_m=(0, 0, 0))


def test_hands_cannot_go_back_in_time() -> None:
    path = [{"time_s": time, "offset_m": [0, 0, 0]} for time in (0, 2, 1)]
    with pytest.raises(ValidationError, match="time_s"):
        changed(path=path)


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
