"""Two infants in a teacher's hands: what is done to one is seen, and leaves the other alone."""

from collections.abc import Generator

import pytest

from dmi_sim.errors import InputError
from dmi_sim.live.classroom import Classroom
from dmi_sim.live.messages import (
    Choose,
    Frame,
    Hold,
    InfantChoice,
    LetGo,
    Pause,
    Pull,
    PushNow,
    Reset,
    Speed,
    StepOnce,
    TeacherMessage,
    Who,
)

SAME = InfantChoice(site="axillae", controller="reflexes")


@pytest.fixture(scope="module")
def opened() -> Generator[Classroom]:
    classroom = Classroom({"a": SAME, "b": SAME})
    yield classroom
    classroom.close()


@pytest.fixture
def classroom(opened: Classroom) -> Classroom:
    """Both girls at the start, the same hands at their armpits."""
    for who in ("a", "b"):
        opened.handle(Choose(infant=who, **SAME.model_dump()))
    opened.handle(Speed(speed=1))
    opened.handle(Pause(paused=False))
    opened.handle(Reset(seed=0))
    return opened


def after(classroom: Classroom, seconds: float, *messages: TeacherMessage) -> Frame:
    for message in messages:
        classroom.handle(message)
    for _ in range(round(seconds * classroom.control_hz)):
        classroom.advance()
    return classroom.frame()


def test_two_of_the_same_move_the_same(classroom: Classroom) -> None:
    frame = after(classroom, 1.0)
    assert frame.infants["a"] == frame.infants["b"]


def test_whoever_is_let_go_falls_and_the_other_is_still_held(classroom: Classroom) -> None:
    frame = after(classroom, 3.0, LetGo(infant="b"))
    assert frame.infants["a"].fell_at_s is None
    assert frame.infants["b"].fell_at_s is not None
    assert frame.infants["b"].support_force_n == 0
    assert (frame.sentence.key, frame.sentence.infant) == ("one_down", "b")


def test_a_fall_stays_told_until_both_begin_again(classroom: Classroom) -> None:
    fell = after(classroom, 3.0, LetGo()).infants["a"].fell_at_s
    assert after(classroom, 1.0).infants["a"].fell_at_s == fell
    begun = after(classroom, 0.1, Reset())
    assert begun.infants["a"].fell_at_s is None
    assert begun.time_s == pytest.approx(0.1)


def test_hands_take_hold_where_told_and_as_firmly(classroom: Classroom) -> None:
    frame = after(classroom, 0.2, Hold(infant="a", site="pelvis", firmness=0.3))
    assert (frame.infants["a"].site, frame.infants["a"].firmness) == ("pelvis", 0.3)
    assert frame.infants["b"].site == "axillae"
    assert classroom.setup().infants["a"].site == "pelvis"


def test_the_hands_feel_a_push_of_whoever_gets_it(classroom: Classroom) -> None:
    frame = after(classroom, 0.1, PushNow(infant="b", direction="left", speed_m_s=0.8))
    assert frame.infants["b"].support_force_n > 3 * frame.infants["a"].support_force_n


def test_a_pull_lasts_while_the_page_renews_it_and_ends_when_the_page_goes(
    classroom: Classroom,
) -> None:
    pulled = Pull(infant="a", segment="head", force_n=(8.0, 0.0, 0.0))
    held = [after(classroom, 0.1, pulled) for _ in range(15)][-1]
    assert held.infants["a"].support_force_n > held.infants["b"].support_force_n + 2
    gone = after(classroom, 2.0)
    assert gone.infants["a"].support_force_n < held.infants["a"].support_force_n - 2


def test_a_pull_ends_at_once_without_force(classroom: Classroom) -> None:
    after(classroom, 0.1, Pull(infant="a", segment="head", force_n=(8.0, 0.0, 0.0)))
    frames = [after(classroom, 0.1, Pull(infant="a", segment="head")) for _ in range(20)]
    ends = frames[-1].infants
    assert ends["a"].support_force_n == pytest.approx(ends["b"].support_force_n, abs=2)


def test_warming_up_leaves_no_trace(classroom: Classroom) -> None:
    before = after(classroom, 0.0, Reset(seed=3))
    classroom.warm_up()
    assert after(classroom, 0.0, Reset(seed=3)).infants == before.infants
    assert before.time_s == 0


def test_time_stands_still_and_goes_on_by_one_step(classroom: Classroom) -> None:
    classroom.handle(Pause(paused=True))
    assert not classroom.advance()
    classroom.handle(StepOnce())
    assert classroom.advance()
    assert not classroom.advance()
    assert classroom.frame().time_s == pytest.approx(1 / classroom.control_hz, abs=1e-3)


def test_steps_that_are_asked_for_at_once_are_all_taken(classroom: Classroom) -> None:
    for _ in range(3):
        classroom.handle(StepOnce())
    assert [classroom.advance() for _ in range(5)] == [True, True, True, False, False]


def test_a_limp_infant_needs_more_of_the_hands(classroom: Classroom) -> None:
    frame = after(classroom, 1.5, Choose(infant="b", controller="limp"))
    assert frame.infants["b"].head_height_m < frame.infants["a"].head_height_m


def test_a_take_begins_anew_with_another_controller_for_both(classroom: Classroom) -> None:
    before = after(classroom, 1.0)
    classroom.handle(Choose(infant="b", controller="practised"))
    begun = classroom.frame()
    assert begun.take == before.take + 1
    assert begun.time_s == 0


def test_another_child_is_put_down_and_seen(classroom: Classroom) -> None:
    light = classroom.scenes()[1].mass_kg
    classroom.handle(Choose(infant="b", age_months=12))
    assert classroom.scenes()[1].mass_kg > light
    assert classroom.scenes()[0].mass_kg == light


def test_another_exercise_brings_its_age_and_a_site_that_it_knows(classroom: Classroom) -> None:
    classroom.handle(Choose(infant="a", site="head"))
    classroom.handle(Choose(infant="a", exercise="walking"))
    chosen = classroom.setup().infants["a"]
    assert (chosen.exercise, chosen.age_months, chosen.site) == ("walking", 14, "none")


def test_the_words_of_therapists_are_taken(classroom: Classroom) -> None:
    classroom.handle(Choose.model_validate({
        "infant": "b", "exercise": "sit", "condition": "floppy", "severity": "mild",
        "age_months": "6m", "sex": "girl", "site": "armpits",
    }))  # fmt: skip
    chosen = classroom.setup().infants["b"]
    assert (chosen.exercise, chosen.condition, chosen.severity) == ("sitting", "hypotonia", 0.25)
    assert (chosen.age_months, chosen.sex, chosen.site) == (6.0, "female", "axillae")
    frame = after(classroom, 0.2, Hold(infant="b", site="hips"))
    assert frame.infants["b"].site == "pelvis"
    assert classroom.setup().infants["b"].site == "pelvis"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Hold(infant="a", site="ears"), "ears"),
        (Choose(infant="a", exercise="siting"), "did you mean 'sitting'"),
        (Choose(infant="a", condition="hypotnia"), "hypotonia"),
        (Choose(infant="a", site="ears"), "ears"),
    ],
    ids=lambda one: one.type if not isinstance(one, str) else one,
)
def test_what_cannot_be_is_refused_and_nothing_has_changed(
    classroom: Classroom, message: TeacherMessage, reason: str
) -> None:
    before = classroom.setup()
    with pytest.raises(InputError, match=reason):
        classroom.handle(message)
    assert classroom.setup() == before
    assert classroom.advance()


def test_an_infant_whom_nobody_wants_any_more_is_not_put_down() -> None:
    asked: list[tuple[Who, InfantChoice]] = []
    classroom = Classroom({"a": SAME, "b": SAME}, build=lambda *one: asked.append(one))
    classroom.handle(Choose(infant="b", age_months=9))
    classroom.handle(Choose(infant="b", age_months=12))
    assert [choice.age_months for _, choice in asked] == [9, 12]
    assert classroom.setup().building == ("b",)
    from dmi_sim.live.infant import make_body

    classroom.place("b", make_body(asked[0][1]))
    assert classroom.setup().building == ("b",)
    classroom.place("b", make_body(asked[1][1]))
    assert classroom.setup().building == ()
    assert classroom.setup().infants["b"].age_months == 12
    classroom.close()
