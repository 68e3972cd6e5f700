"""Visible shapes: every segment has one near its centre of mass, alike on both sides."""

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.infant import Infant
from dmi_sim.render.shapes import Shape, visual_shapes


@pytest.mark.parametrize("age_months", [0, 7, 24])
def test_every_segment_is_seen_near_its_centre_of_mass(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    shapes = visual_shapes(infant)
    assert {shape.segment for shape in shapes} == {node.name for node in SEGMENTS}
    for shape in shapes:
        segment = infant.ordered_segments[shape.segment_index]
        assert segment.node.name == shape.segment
        middle = np.add(shape.start_m, shape.end_m) / 2
        assert np.linalg.norm(middle - segment.com_m) < 0.5 * segment.length_m
        assert 0 < min(shape.size_m) <= max(shape.size_m) < 0.2 * infant.length_m


def test_the_right_side_looks_like_the_left() -> None:
    def of(side: str) -> list[Shape]:
        return [s for s in visual_shapes(Infant.from_spec(7)) if s.segment.startswith(side)]

    for left, right in zip(of("left_"), of("right_"), strict=True):
        assert right.segment == left.segment.replace("left_", "right_")
        assert (right.kind, right.colour, right.size_m) == (left.kind, left.colour, left.size_m)
        assert right.start_m == pytest.approx(np.multiply(left.start_m, [1, -1, 1]))


def test_an_older_infant_looks_larger() -> None:
    young, old = (visual_shapes(Infant.from_spec(age)) for age in (0, 24))
    assert all(max(b.size_m) > max(a.size_m) for a, b in zip(young, old, strict=True))
