"""HTML from small pure functions; all text that is not markup already is escaped."""

import re
from collections.abc import Iterable, Sequence
from html import escape

_VOID = frozenset({"br", "hr", "img", "meta"})
_NO_BREAK_SPACE = "\u00a0"
_UNBROKEN = re.compile(r"\[[^\][]*\]|\d [%s](?!\w)")


class Html(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def element(tag: str, *content: str, **attributes: str) -> Html:
    """An element with its content and attributes.

    >>> element("a", "A & B", href="#answer")
    '<a href="#answer">A &amp; B</a>'

    Args:
        tag: Name of the element.
        content: Text, which is escaped, or :class:`Html`, which is not.
        attributes: Values by name, to be escaped; ``class_`` means ``class``, ``data_x`` means
            ``data-x``.
    """
    pairs = (
        f' {name.rstrip("_").replace("_", "-")}="{escape(value, quote=True)}"'
        for name, value in attributes.items()
    )
    start_tag = f"<{tag}{''.join(pairs)}>"
    return Html(start_tag if tag in _VOID else f"{start_tag}{join(content)}</{tag}>")


def join(pieces: Iterable[str], separator: str = "") -> Html:
    """Several pieces as one; those that are not markup are escaped.

    >>> join(["1 < 2", element("br")], " ")
    '1 &lt; 2 <br>'
    """
    texts = (piece if isinstance(piece, Html) else escape(piece, quote=False) for piece in pieces)
    return Html(separator.join(texts))


def paragraph(*content: str, class_: str = "") -> Html:
    """A paragraph."""
    return element("p", *content, class_=class_) if class_ else element("p", *content)


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "", class_: str = "data"
) -> Html:
    """A table that scrolls sideways on a narrow screen; the first cell of a row is its name."""
    names = join(element("th", unbroken(name), scope="col") for name in head)
    body = join(
        element("tr", element("th", row[0], scope="row"), *map(_cell, row[1:])) for row in rows
    )
    title = element("caption", caption) if caption else Html()
    inside = join((title, element("thead", element("tr", names)), element("tbody", body)))
    return element("div", element("table", inside, class_=class_), class_="scroll")


def _cell(content: str) -> Html:
    return element("td", content if isinstance(content, Html) else unbroken(content))


def unbroken(text: str) -> str:
    r"""A text whose lines end outside of brackets, and not between a number and ``%`` or ``s``.

    So a table may be as narrow as its page without an interval that is torn in two.

    >>> unbroken("1.2 s [0.3, 2.1] of all").split(" ")
    ['1.2\xa0s', '[0.3,\xa02.1]', 'of', 'all']
    """
    return _UNBROKEN.sub(lambda found: found[0].replace(" ", _NO_BREAK_SPACE), text)


def fold(summary: str, *content: str) -> Html:
    """Content that is hidden behind a summary until a click."""
    return element("details", element("summary", summary), *content)


def section(identifier: str, title: str, *content: str) -> Html:
    """A section of the page with its heading."""
    return element("section", element("h2", title), *content, id=identifier)
