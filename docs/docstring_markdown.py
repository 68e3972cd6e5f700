"""Docstrings as Markdown: cross-references become links of the site, examples become code.

In the source a reference is written as ``:func:`name```, an example as lines after ``>>>``.
"""

import re
from typing import Any

import griffe

ROLE = re.compile(r":(?:class|func|data|mod|meth|attr|exc):`(~?)\.?([\w.]+)`")
EXAMPLE = re.compile(r"^>>> .*?(?=\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)


class DocstringMarkdown(griffe.Extension):
    """Rewrites the docstrings of a package once it is loaded."""

    def on_package(self, *, pkg: griffe.Module, loader: griffe.GriffeLoader, **_: Any) -> None:
        """Rewrite the docstrings of all its objects."""
        _rewrite(pkg)


def _rewrite(thing: griffe.Object) -> None:
    if thing.docstring is not None:
        text = EXAMPLE.sub(lambda found: f"```pycon\n{found.group()}\n```", thing.docstring.value)
        thing.docstring.value = ROLE.sub(lambda found: _link(thing, *found.groups()), text)
    for member in thing.members.values():
        if isinstance(member, griffe.Object):
            _rewrite(member)


def _link(thing: griffe.Object, is_short: str, name: str) -> str:
    """A link if the site has the name, else the name as code."""
    shown = name.rpartition(".")[2] if is_short else name
    return (
        f'<autoref identifier="{_full_name(thing, name)}" optional><code>{shown}</code></autoref>'
    )


def _full_name(thing: griffe.Object, name: str) -> str:
    try:
        return thing.resolve(name)
    except griffe.NameResolutionError:
        return name
