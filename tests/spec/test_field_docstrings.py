"""The schema of a file tells what each field means, in the words of its docstring."""

from typing import Literal

import pytest

from dmi_sim.check import spec_kinds
from dmi_sim.spec.base import Quantity, Spec, Strict
from dmi_sim.spec.field_docstrings import field_docstrings

FORMS = [form for kind in spec_kinds() for form in kind.forms()]


class Parent(Strict):
    length_m: float
    """Length [m]."""
    plain: int = 0


class Child(Parent):
    length_m: float = 1.0
    """Length of a child,
    lying down [m]."""
    other: Parent | None = None
    """Somebody else."""


def test_a_docstring_below_a_field_is_its_meaning_and_that_of_a_subclass_comes_first() -> None:
    assert field_docstrings(Parent)["length_m"] == "Length [m]."
    assert "plain" not in field_docstrings(Parent)
    assert field_docstrings(Child)["length_m"] == "Length of a child,\nlying down [m]."
    assert field_docstrings(Child)["other"] == "Somebody else."


def test_the_schema_has_the_docstrings_and_nothing_where_there_is_none() -> None:
    properties = Child.model_json_schema()["properties"]
    assert properties["length_m"]["description"] == "Length of a child,\nlying down [m]."
    assert properties["other"]["description"] == "Somebody else."
    assert "description" not in properties["plain"]


def test_a_generic_model_has_the_docstrings_of_the_plain_one() -> None:
    in_newton_metres = Quantity[float, Literal["N.m"]]
    assert field_docstrings(in_newton_metres) == field_docstrings(Quantity)
    assert in_newton_metres.model_json_schema()["properties"]["basis"]["description"]


def test_a_class_without_source_has_no_docstrings() -> None:
    assert field_docstrings(type("Made", (), {})) == {}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_field_of_every_file_is_described(form: type[Spec]) -> None:
    properties = form.model_json_schema()["properties"]
    assert [name for name, one in properties.items() if "description" not in one] == []
