"""How infants of a cohort differ."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from dmi_sim.spec.base import Quantity, Spec

Share = Annotated[float, Field(ge=0, le=1)]
Correlation = Annotated[float, Field(gt=-1, lt=1)]


class CohortSpec(Spec):
    """The spread of a population of infants."""

    folder: ClassVar[str] = "models/cohorts"

    title: str
    length_weight_correlation: Quantity[Correlation, Literal["1"]]
    """Of the standard scores of length and weight at one age."""
    share_of_girls: Quantity[Share, Literal["1"]]
