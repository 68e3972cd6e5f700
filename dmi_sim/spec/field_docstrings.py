"""Docstrings of fields, read from the source of a class when somebody asks for them.

Pydantic can read them too, but for every class as it is made: more than half of the time that a
command or a worker needs to start.
"""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from textwrap import dedent


@cache
def field_docstrings(cls: type) -> dict[str, str]:
    """The docstring below each field of a class and of its bases, by name of the field.

    Args:
        cls: Class whose annotated fields are followed by docstrings.

    >>> from dmi_sim.spec.base import Quantity
    >>> field_docstrings(Quantity)["unit"].split()[0]
    'Unit,'
    """
    inherited = (field_docstrings(base) for base in reversed(cls.__bases__) if base is not object)
    found = {name: words for base in inherited for name, words in base.items()}
    return found | dict(_below_fields(_body(cls)))


def _body(cls: type) -> list[ast.stmt]:
    """The statements of a class; none where it has no source, as a generic one with its types."""
    try:
        tree = ast.parse(dedent(inspect.getsource(cls)))
    except (OSError, TypeError, SyntaxError):  # the last where a docstring breaks the indentation
        return []
    return tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []


def _below_fields(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(words))),
            ):
                yield name, inspect.cleandoc(words)
            case _:
                pass
