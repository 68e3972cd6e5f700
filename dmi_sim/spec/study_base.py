"""What all kinds of studies have in common, and how a file tells of which kind it is."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from pydantic import TypeAdapter

from dmi_sim.spec.base import Spec


class Study(Spec):
    """One file in ``experiments``; :meth:`kind_for` says which kind of study it describes."""

    folder: ClassVar[str] = "experiments"

    title: str
    """Title of the study."""
    question: str
    """Question that the study asks."""
    background: str
    """Reason for the question, and what would count as an answer; it favours no arm."""

    @classmethod
    def forms(cls) -> tuple[type[Spec], ...]:
        """Every kind of study that is known."""
        return tuple(cls.__subclasses__()) or (cls,)

    @classmethod
    def kind_for(cls, data: Mapping[str, Any]) -> type[Spec]:
        """The kind of study that a file describes; the first one that knows most of its keys.

        Args:
            data: Content of the file.
        """
        return max(cls.forms(), key=lambda form: len(data.keys() & form.model_fields.keys()))

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The JSON Schema of the file, which may follow any of :meth:`forms`."""
        if cls.forms() == (cls,):
            return super().model_json_schema(*args, **kwargs)
        either: Any = reduce(or_, cls.forms())
        return TypeAdapter(either).json_schema(*args, **kwargs)
