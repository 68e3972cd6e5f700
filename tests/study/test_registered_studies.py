"""Every registered study of programmes: a question, a fixed outcome, forms that fit their time."""

from functools import cache

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.outcomes import CHILD_OUTCOMES
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.spec.studies import Study
from dmi_sim.spec.study_base import Study as AnyKind
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.study.programme_cost import study_cost
from dmi_sim.study.programme_plan import ChildCell, children_of, plan_children
from dmi_sim.study.programme_power import power_words
from dmi_sim.therapy.factorial import ELEMENTS, factorial
from dmi_sim.therapy.timetable import Session, sessions

SHIPPED = Catalog.shipped()
ALL = {name: SHIPPED.load(Study, name) for name in SHIPPED.names(Study)}
OF_PROGRAMMES = {name: one for name, one in ALL.items() if isinstance(one, ProgrammeStudySpec)}
FORMS = {"full": float("inf"), "quick": 15.0, "standard": 120.0}
"""Wall time that each form may take on two cores [min]."""
VERDICTS = ("superior", "better than", "outperform", "works best", "as is known", "proven")
"""Words of a background that would have the answer before the question."""


def form_of(study: ProgrammeStudySpec, form: str) -> ProgrammeStudySpec:
    forms = {"full": study, "quick": study.quick_form(), "standard": study.standard_form()}
    return forms[form]


@cache
def cells_of(name: str, form: str) -> tuple[ChildCell, ...]:
    """The first child of each condition in every arm."""
    one_each = form_of(OF_PROGRAMMES[name], form).model_copy(update={"children": 1})
    return tuple(plan_children(name, one_each, SHIPPED))


@pytest.mark.parametrize("name", ALL)
def test_a_study_has_a_question_and_a_background_that_knows_no_winner(name: str) -> None:
    study: AnyKind = ALL[name]
    assert study.question.rstrip().endswith("?")
    assert "no difference shown" in study.background
    assert not [word for word in VERDICTS if word in study.background.lower()]


@pytest.mark.parametrize("name", OF_PROGRAMMES)
def test_an_outcome_comparisons_and_a_margin_are_fixed_before(name: str) -> None:
    primary = OF_PROGRAMMES[name].primary_outcome
    assert primary.outcome in CHILD_OUTCOMES
    assert primary.comparisons
    low, high = CHILD_OUTCOMES[primary.outcome].bounds
    assert 0 < primary.equivalence_margin < high - low


@pytest.mark.parametrize("name", OF_PROGRAMMES)
@pytest.mark.parametrize("form", FORMS)
def test_a_form_fits_into_its_time_on_two_cores(name: str, form: str) -> None:
    study = form_of(OF_PROGRAMMES[name], form)
    costs = study_cost(cells_of(name, form), SHIPPED).values()
    minutes = sum(one.cpu_minutes for one in costs) * children_of(study) / 2
    assert minutes <= FORMS[form]
    assert minutes <= 1.05 * study.minutes


@pytest.mark.parametrize("name", OF_PROGRAMMES)
def test_the_standard_form_may_decide_and_says_what_it_can_show(name: str) -> None:
    standard = OF_PROGRAMMES[name].standard_form()
    assert standard.children >= max(8, FEWEST_TO_DECIDE)
    assert "standard deviations" in power_words(standard)


@pytest.mark.parametrize("name", OF_PROGRAMMES)
@pytest.mark.parametrize("form", FORMS)
def test_arms_share_children_beginnings_brains_and_play(name: str, form: str) -> None:
    by_subject: dict[str, list[ChildCell]] = {}
    for cell in cells_of(name, form):
        by_subject.setdefault(cell.subject.model_dump_json(), []).append(cell)
    arms = [*form_of(OF_PROGRAMMES[name], form).arms]
    for cells in by_subject.values():
        assert [cell.arm for cell in cells] == arms
        for shared in ("seed", "brain", "begins_with", "weeks", "assessed_in_weeks", "trials"):
            assert len({repr(getattr(cell, shared)) for cell in cells}) == 1
        assert len({repr(cell.programme.timetable.free_play) for cell in cells}) == 1


@pytest.mark.parametrize("name", OF_PROGRAMMES)
@pytest.mark.parametrize("form", FORMS)
def test_arms_get_the_same_dose_unless_their_timetable_says_otherwise(name: str, form: str) -> None:
    arms = form_of(OF_PROGRAMMES[name], form).arms
    doses = {
        (cell.arm, sum(session.minutes for session in therapy))
        for cell in cells_of(name, form)
        if "timetable" not in arms[cell.arm].changes and (therapy := therapy_of(cell))
    }
    assert len({minutes for _, minutes in doses}) <= 1


def therapy_of(cell: ChildCell) -> list[Session]:
    timetable = cell.programme.timetable
    return [
        session
        for week in range(cell.weeks)
        for session in sessions(timetable, week)
        if session.kind == "therapy"
    ]


def test_the_elements_are_those_of_the_factorial() -> None:
    dmi, traditional = (SHIPPED.load(ProgrammeSpec, name) for name in ("dmi", "traditional"))
    planned = {cell.arm: cell.programme for cell in cells_of("elements", "full")}
    for arm, meant in factorial(dmi, traditional).items():
        assert planned[arm].title == meant.title
        assert planned[arm].background == meant.background
        assert planned[arm].model_copy(update={"timetable": meant.timetable}) == meant


def test_only_the_order_differs_in_the_study_of_orders() -> None:
    planned = {cell.arm: cell.programme for cell in cells_of("order_of_skills", "full")}
    for pair in OF_PROGRAMMES["order_of_skills"].primary_outcome.comparisons:
        first, second = (planned[arm] for arm in pair)
        differ = {one for one in ELEMENTS if getattr(first, one) != getattr(second, one)}
        assert differ == {"exercise"}


def test_children_are_of_one_age_in_the_end_whenever_their_therapist_came() -> None:
    for form in FORMS:
        study, cells = form_of(OF_PROGRAMMES["start_age"], form), cells_of("start_age", form)
        first = {cell.arm: therapy_of(cell)[0].age_months for cell in cells if therapy_of(cell)}
        for arm, age in first.items():
            wanted = study.arms[arm].starts_at_months or study.who.age_months
            assert wanted <= age < wanted + 0.25
        assert len({(cell.subject.age_months, cell.weeks) for cell in cells}) == 1
        assert len(set(first.values())) > 1
