"""The table of colours: every role has one, and they are distinct."""

from itertools import combinations
from typing import get_args

import pytest

from dmi_sim.render.colours import COLOURS, Role, darker, rgb
from dmi_sim.render.shapes import Clothing


def test_every_role_has_a_colour_and_clothing_is_a_role() -> None:
    assert set(COLOURS) == set(get_args(Role))
    assert set(get_args(Clothing)) < set(COLOURS)


@pytest.mark.parametrize("role", COLOURS)
def test_a_darker_tone_has_less_of_every_light(role: Role) -> None:
    full, half = rgb(COLOURS[role]), rgb(darker(COLOURS[role], 0.5))
    assert half == pytest.approx([channel / 2 for channel in full], abs=0.51)


def test_hands_and_pushes_have_no_colour_of_the_infant() -> None:
    for one, other in combinations(("hand", "push", "skin", "shirt", "trousers", "hair"), 2):
        apart = [abs(a - b) for a, b in zip(rgb(COLOURS[one]), rgb(COLOURS[other]), strict=True)]
        assert max(apart) > 40, (one, other)
