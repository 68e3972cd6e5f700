"""Specs: strictness, evidence, and messages that name the right word."""

from collections.abc import Iterator
from typing import ClassVar, Literal

import pytest
from pydantic import ValidationError

from dmi_sim.catalog.messages import explain
from dmi_sim.spec.base import FileIndex, Quantity, Spec, Strict, unknown_name


class Term(Strict):
    weight: float
    params: dict[str, float] = {}


class Exercise(Spec):
    folder: ClassVar[str] = "envs"

    posture: Literal["supine", "sitting"] = "sitting"
    rewards: dict[str, Term] = {}
    stages: tuple[Term, ...] = ()
    end: Term | None = None
    supports: tuple[str, ...] = ()

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        for name in self.supports:
            yield from unknown_name(catalog, Support, "supports", name)


class Support(Spec):
    folder: ClassVar[str] = "models/supports"


class TwoSupports:
    def names(self, kind: type[Spec]) -> tuple[str, ...]:
        return ("axillae", "pelvis") if kind is Support else ()


def refusal(kind: type[Strict], data: object) -> tuple[str, ...]:
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(data)
    return explain(kind, refused.value)


def test_a_misspelt_key_is_one_line_that_names_the_right_key() -> None:
    lines = refusal(Exercise, {"rewards": {"effort": {"wieght": 1.0}}})
    assert lines == ("rewards.effort.wieght: unknown key; did you mean 'weight'?",)


def test_a_key_far_from_any_other_lists_those_that_exist() -> None:
    lines = refusal(Term, {"weight": 1, "zzz": 2})
    assert lines == ("zzz: unknown key; known: params, weight",)


def test_a_missing_key_is_named() -> None:
    assert refusal(Term, {}) == ("weight: this key is missing",)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"stages": [{"weight": 1}, {"weight": 1, "parms": {}}]}, "stages.1.parms"),
        ({"end": {"weight": 1, "parms": {}}}, "end.parms"),
    ],
)
def test_keys_are_suggested_inside_lists_and_optional_models(data: object, place: str) -> None:
    assert refusal(Exercise, data) == (f"{place}: unknown key; did you mean 'params'?",)


def test_a_misspelt_choice_names_the_nearest_choice() -> None:
    (line,) = refusal(Exercise, {"posture": "siting"})
    assert line.startswith("posture: Input should be 'supine' or 'sitting', not 'siting'")
    assert line.endswith("did you mean 'sitting'?")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    assert refusal(Term, {"weight": number})[0].startswith("weight: Input should be a finite")


def test_a_refused_value_is_shown() -> None:
    (line,) = refusal(Term, {"weight": "heavy"})
    assert "(got 'heavy')" in line


def test_a_spec_cannot_be_changed() -> None:
    term = Term(weight=1.0)
    with pytest.raises(ValidationError, match="frozen"):
        term.weight = 2.0  # pyright: ignore[reportAttributeAccessIssue]


def test_a_name_without_a_file_is_a_problem_and_a_name_with_one_is_not() -> None:
    exercise = Exercise(supports=("axillae", "pelvs"))
    (problem,) = exercise.problems(TwoSupports())
    assert problem == "supports: no 'pelvs' in models/supports; did you mean 'pelvis'?"


@pytest.mark.parametrize("basis", ["measured", "scaled", "calibrated"])
def test_a_number_from_the_literature_needs_its_source(basis: str) -> None:
    (line,) = refusal(Quantity, {"value": 1, "unit": "m", "basis": basis, "note": "how"})
    assert line == f"a {basis} value needs a `source`"


@pytest.mark.parametrize(
    ("basis", "problem"),
    [
        ("assumed", "an assumed value needs a `note` that says why"),
        ("calibrated", "a calibrated value needs a `note` that says how"),
    ],
)
def test_a_number_that_nobody_measured_needs_a_reason(basis: str, problem: str) -> None:
    (line,) = refusal(Quantity, {"value": 1, "unit": "m", "basis": basis, "source": "eek2006"})
    assert line == problem


def test_a_quantity_accepts_only_the_unit_it_was_declared_with() -> None:
    torque = {"value": 3, "unit": "Nm", "basis": "measured", "source": "eek2006"}
    (line,) = refusal(Quantity[float, Literal["N.m"]], torque)
    assert line.startswith("unit: Input should be 'N.m', not 'Nm'")


def test_a_quantity_may_be_a_list() -> None:
    data = {"value": [1, 2], "unit": "m", "basis": "measured", "source": "who2006"}
    assert Quantity[tuple[float, ...]].model_validate(data).value == (1.0, 2.0)
