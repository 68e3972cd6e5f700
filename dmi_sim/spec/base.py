"""The base of all specs: what every file that a researcher edits has in common.

A file becomes a frozen pydantic model. Unknown keys, NaN and infinity are refused, so that a
misspelt key cannot silently leave a default in force. In ``models/`` a number carries its unit and
its source (:class:`Quantity`); in ``envs/`` and ``experiments/`` settings are plain numbers with
the unit in the key.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Generic, Literal, Protocol, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import TypeVar

from dmi_sim.errors import did_you_mean
from dmi_sim.spec.field_docstrings import field_docstrings

ValueT = TypeVar("ValueT", default=float)
UnitT = TypeVar("UnitT", bound=str, default=str)
SpecT = TypeVar("SpecT", bound="Spec")


class Strict(BaseModel):
    """A frozen model that refuses unknown keys, NaN and infinity.

    Docstrings of fields become the descriptions of the JSON schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler, /
    ) -> JsonSchemaValue:
        """The JSON schema of a model, with the docstrings of its fields."""
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        docstrings = field_docstrings(cls)
        for name, field in cls.model_fields.items():
            described = properties.get(field.alias or name, properties.get(name))
            if name in docstrings and described is not None:
                described.setdefault("description", docstrings[name])
        return schema


class FileIndex(Protocol):
    """The names of the files beside a spec; a catalog is one."""

    def names(self, kind: "type[Spec]") -> tuple[str, ...]:
        """Names of all files of a kind, sorted."""
        ...


class SpecReader(Protocol):
    """Reads the files beside a spec; a catalog is one."""

    def load(self, kind: "type[SpecT]", name: str) -> "SpecT":
        """The checked content of one file of a kind."""
        ...


class Spec(Strict):
    """The content of one file; the stem of the file is its name, and no file repeats it."""

    folder: ClassVar[str]
    """Folder of this kind of file, from the root of a catalog, such as ``models/supports``."""

    def completed(self, files: SpecReader) -> Self:
        """The spec with what it takes from other files, as it is used.

        Args:
            files: Reads the files beside this one.

        Returns:
            The same spec here; one that takes something from a file it names overrides this.
        """
        return self

    @classmethod
    def forms(cls) -> "tuple[type[Spec], ...]":
        """The models that a file of this kind may follow; most kinds have one."""
        return (cls,)

    @classmethod
    def kind_for(cls, data: Mapping[str, Any]) -> "type[Spec]":
        """The one of :meth:`forms` that a file follows.

        Args:
            data: Content of the file.
        """
        return cls

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Problems that only show in view of other files, as ``field: reason``.

        A spec that names other files overrides this method, see :func:`unknown_name`.

        Args:
            catalog: Names of the files beside this one.

        Yields:
            One line per problem; none here.
        """
        yield from ()


def unknown_name(catalog: FileIndex, kind: type[Spec], field: str, name: str) -> Iterator[str]:
    """The problem of a field that names a file which does not exist.

    Args:
        catalog: Names of the files that exist.
        kind: Model of the file that is named.
        field: Dotted path of the field, for the message.
        name: Name that the field gives.

    Yields:
        One line if the file does not exist, else nothing.
    """
    known = catalog.names(kind)
    if name not in known:
        yield f"{field}: no '{name}' in {kind.folder}; {did_you_mean(name, known)}"


NonNegative = Annotated[float, Field(ge=0)]
"""A number that is at least 0."""
Positive = Annotated[float, Field(gt=0)]
"""A number above 0."""
Fraction = Annotated[float, Field(ge=0, le=1)]
"""A number from 0 to 1."""
Count = Annotated[int, Field(ge=1, le=10**9)]
"""A whole number of at least 1; beyond a thousand million nothing that is counted would end."""
Hundreds = Annotated[int, Field(ge=1, le=10_000)]
"""A number of infants or episodes, each of which takes seconds or minutes."""
Buffer = Annotated[int, Field(ge=8, le=10**6)]
"""A number of samples that memory holds at once."""


class Quantity(Strict, Generic[ValueT, UnitT]):
    """A number with its unit and its evidence.

    ``Quantity`` is one float in any unit, ``Quantity[tuple[float, ...]]`` is several of them, and
    ``Quantity[float, Literal["N.m"]]`` accepts that unit only.

    Raises:
        ValueError: If a measured or scaled value names no source, an assumed one no reason, or a
            calibrated one does not say how.

    >>> Quantity(value=1050.0, unit="kg/m3", basis="assumed", note="between water and muscle").value
    1050.0
    """

    value: ValueT
    """The number, or several, in ``unit``."""
    unit: UnitT
    """Unit, SI as a rule: ``m``, ``kg``, ``N.m``, ``rad``, ``s``, ``1`` for a ratio."""
    basis: Literal["measured", "scaled", "calibrated", "assumed"]
    """Evidence: ``measured`` in infants, ``scaled`` from other bodies, ``calibrated`` so that the
    simulation meets something measured, or ``assumed`` by us."""
    source: str | None = None
    """Key in ``models/references.yaml``."""
    note: str | None = None
    """Page, table, scaling rule, how it was calibrated, or the reason for an assumption."""

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if self.basis == "assumed" and not self.note:
            raise ValueError("an assumed value needs a `note` that says why")
        if self.basis == "calibrated" and not self.note:
            raise ValueError("a calibrated value needs a `note` that says how")
        if self.basis != "assumed" and not self.source:
            raise ValueError(f"a {self.basis} value needs a `source`")
        return self


SecondsQuantity: TypeAlias = Quantity[float, Literal["s"]]
"""A time with its evidence [s]."""
DegreesQuantity: TypeAlias = Quantity[float, Literal["deg"]]
"""An angle with its evidence [deg]."""
RatioQuantity: TypeAlias = Quantity[float, Literal["1"]]
"""A ratio with its evidence [1]."""
CountQuantity: TypeAlias = Quantity[Annotated[int, Field(ge=-(10**6), le=10**6)], Literal["1"]]
"""A whole number with its evidence [1]."""
