"""References: the literature that the numbers rest on (`models/references.yaml`)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from dmi_sim.spec.base import Spec, Strict


class Reference(Strict):
    """One work that the ``source`` of a quantity may name."""

    title: str
    """Title of the work."""
    authors: str
    """Authors, family name first; an organisation by its name."""
    year: Annotated[int, Field(ge=1500, le=2100)]
    """Year of publication."""
    where: str | None = None
    """Journal with volume and pages, book with publisher, or report number."""
    doi: str | None = None
    """Digital object identifier, without a prefix."""
    url: str | None = None
    """Address of the work, if it has no DOI."""
    status: Literal["read", "secondary", "recalled"]
    """State of verification: numbers were ``read`` in the work itself, read in another work that
    quotes it (``secondary``), or ``recalled`` and still to be compared with it."""
    note: str | None = None
    """Numbers that were taken from the work, or the way in which they were checked."""


class References(Spec):
    """All works by key; the one file of this kind is ``models/references.yaml``."""

    folder: ClassVar[str] = "models"

    references: dict[str, Reference]
    """Works by key, such as ``who2006``."""
