"""Cohort: the spread of a population of infants (`models/cohorts/`)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from dmi_sim.spec.base import Fraction, Quantity, Spec

Correlation = Annotated[float, Field(gt=-1, lt=1)]
"""A correlation between two numbers of which neither gives the other exactly."""


class CohortSpec(Spec):
    """The spread of a population of infants."""

    folder: ClassVar[str] = "models/cohorts"

    title: str
    """Title of the cohort."""
    length_weight_correlation: Quantity[Correlation, Literal["1"]]
    """Correlation between the standard scores of length and weight at one age."""
    largest_z: Quantity[Annotated[float, Field(gt=0, le=5)], Literal["1"]]
    """Largest standard score of length and weight, either way; draws beyond it are repeated."""
    share_of_girls: Quantity[Fraction, Literal["1"]]
    """Share of girls among the infants."""
