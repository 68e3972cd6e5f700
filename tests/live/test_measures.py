"""What a lesson can be about: outcomes, heights of the head, and what mechanics ask."""

from dataclasses import replace

import pytest

from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.live.measures import PlayedTake, measure_of, measures, results
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.physics.state import State
from dmi_sim.recording import Recording
from dmi_sim.spec.lesson import LessonPoint, LessonSpec, LessonWords, ShownInfant
from tests.render.bodies import toppling

WORDS = LessonWords(title="t", question="q", explain="x", evidence="e")


def lesson(*names: str) -> LessonSpec:
    points = tuple(LessonPoint(measure=name, same_within=1, note="planted") for name in names)
    infants = {"a": ShownInfant(site="axillae"), "b": ShownInfant(site="pelvis")}
    return LessonSpec.model_validate({
        "number": 1, "words": {"en": WORDS}, "infants": infants, "duration_s": 1, "points": points,
    })  # fmt: skip


def played(site: str, recording: Recording, head_m: float = 0.1) -> PlayedTake:
    infant = Infant.from_spec(age_months=7)
    last = object.__new__(State)
    object.__setattr__(last, "head_height_m", head_m)
    object.__setattr__(last, "support_share", 0.4)
    return PlayedTake(ShownInfant(site=site), infant, recording, last)


def test_every_outcome_of_a_study_can_be_the_point_of_a_lesson() -> None:
    take = played("pelvis", toppling(0.4))
    known = measures()
    assert {*OUTCOMES} < {*known}
    for name in ("time_upright_s", "muscle_work_j"):
        assert known[name].value(take) == OUTCOMES[name].value(take.recording)
        assert known[name].unit == OUTCOMES[name].unit


def test_the_head_is_measured_against_its_start() -> None:
    recording = toppling(0.4)
    heights = recording.head_height_m
    take = played("pelvis", recording, head_m=0.25 * float(heights[0]))
    assert measure_of("head_height_share").value(take) == pytest.approx(min(heights) / heights[0])
    assert measure_of("head_height_share_end").value(take) == pytest.approx(0.25)
    assert measure_of("support_share_end").value(take) == 0.4


def test_what_is_measured_at_the_end_says_so() -> None:
    assert measure_of("support_share_end").at_end
    assert not measure_of("time_upright_s").at_end


def test_lower_hands_leave_more_to_hold_and_more_time() -> None:
    takes = {"a": played("axillae", toppling(0.4)), "b": played("pelvis", toppling(0.4))}
    told = results(lesson("toppling_nm_per_rad", "delay_limit_s"), takes)  # type: ignore[arg-type]
    assert [one.unit for one in told] == ["N m/rad", "s"]
    for one in told:
        assert 0 < (one.values["a"] or 0) < (one.values["b"] or 0)


def test_what_a_take_does_not_tell_is_left_out_and_not_a_number() -> None:
    silent = replace(toppling(0.4), muscle_work_j=toppling(0.4).muscle_work_j * float("nan"))
    takes = {"a": played("axillae", silent), "b": played("pelvis", silent)}
    (told,) = results(lesson("muscle_work_j"), takes)  # type: ignore[arg-type]
    assert told.values == {"a": None, "b": None}


def test_a_measure_that_there_is_not_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'muscle_work_j'"):
        measure_of("muscle_work")
