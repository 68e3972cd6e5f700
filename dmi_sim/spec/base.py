"""What every file that a researcher edits has in common.

A file becomes a frozen pydantic model. Unknown keys, NaN and infinity are refused, so that a
misspelt key cannot silently leave a default in force. In ``models/`` a number says where it comes
from (:class:`Quantity`); in ``envs/`` and ``experiments/`` settings are plain, unit in the key.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Generic, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypeVar

from dmi_sim.errors import did_you_mean

ValueT = TypeVar("ValueT", default=float)
UnitT = TypeVar("UnitT", bound=str, default=str)


class Strict(BaseModel):
    """A frozen model without unknown keys, NaN or infinity."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )


class FileIndex(Protocol):
    """What a spec may ask about the files beside it; a catalog is one."""

    def names(self, kind: "type[Spec]") -> tuple[str, ...]:
        """Names of all files of a kind, sorted."""
        ...


class Spec(Strict):
    """One file; its stem is its name, so no file repeats it."""

    folder: ClassVar[str]
    """Where files of this kind lie, from the root of a catalog: ``envs``, ``models/supports``."""

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """What is wrong only in view of other files: ``field: reason``, one a line.

        A kind that names other files overrides this, see :func:`unknown_name`.

        Args:
            catalog: The files beside this one.

        Yields:
            Problems; none here.
        """
        yield from ()


def unknown_name(catalog: FileIndex, kind: type[Spec], field: str, name: str) -> Iterator[str]:
    """The problem of a field that names a file which does not exist.

    Args:
        catalog: The files that there are.
        kind: What kind of file is named.
        field: Dotted path of the field, for the message.
        name: What it says.

    Yields:
        One problem, or nothing when the file exists.
    """
    known = catalog.names(kind)
    if name not in known:
        yield f"{field}: no '{name}' in {kind.folder}; {did_you_mean(name, known)}"


NonNegative = Annotated[float, Field(ge=0)]
"""A number that cannot be negative."""


class Quantity(Strict, Generic[ValueT, UnitT]):
    """A number from the literature, with its unit and where it comes from.

    ``Quantity`` is one float in any unit; ``Quantity[tuple[float, ...]]`` is a list of them;
    ``Quantity[float, Literal["N.m"]]`` accepts that unit only.

    Raises:
        ValueError: If a measured or scaled value names no source, or an assumed one no reason.
    """

    value: ValueT
    """The number or numbers, in ``unit``."""
    unit: UnitT
    """SI as a rule: ``m``, ``kg``, ``N.m``, ``rad``, ``s``, ``1`` for a ratio."""
    basis: Literal["measured", "scaled", "assumed"]
    """``measured`` in infants, ``scaled`` from other bodies, or ``assumed`` by us."""
    source: str | None = None
    """Key in ``models/references.yaml``."""
    note: str | None = None
    """Page, table, scaling rule, or the reason for an assumption."""

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if self.basis == "assumed" and not self.note:
            raise ValueError("an assumed value needs a `note` that says why")
        if self.basis != "assumed" and not self.source:
            raise ValueError(f"a {self.basis} value needs a `source`")
        return self
