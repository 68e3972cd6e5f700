"""HTML from small pure functions; whatever is not markup already is escaped."""

from collections.abc import Iterable, Sequence
from html import escape

_VOID = frozenset({"br", "hr", "img", "meta"})


class Html(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def element(tag: str, *content: str, **attributes: str) -> Html:
    """One element.

    Args:
        tag: Its name.
        content: Text, which is escaped, or :class:`Html`, which is not.
        attributes: Values are escaped; ``class_`` means ``class``, ``data_x`` means ``data-x``.
    """
    pairs = (
        f' {name.rstrip("_").replace("_", "-")}="{escape(value, quote=True)}"'
        for name, value in attributes.items()
    )
    opening = f"<{tag}{''.join(pairs)}>"
    return Html(opening if tag in _VOID else f"{opening}{join(content)}</{tag}>")


def join(parts: Iterable[str], separator: str = "") -> Html:
    """Several pieces as one, those that are not markup escaped."""
    texts = (part if isinstance(part, Html) else escape(part, quote=False) for part in parts)
    return Html(separator.join(texts))


def paragraph(*content: str, class_: str = "") -> Html:
    """A paragraph."""
    return element("p", *content, class_=class_) if class_ else element("p", *content)


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "", class_: str = "data"
) -> Html:
    """A table that scrolls sideways on a narrow screen; the first cell of a row is its name."""
    names = join(element("th", name, scope="col") for name in head)
    body = join(
        element("tr", element("th", row[0], scope="row"), *(element("td", c) for c in row[1:]))
        for row in rows
    )
    title = element("caption", caption) if caption else Html()
    inside = join((title, element("thead", element("tr", names)), element("tbody", body)))
    return element("div", element("table", inside, class_=class_), class_="scroll")


def fold(summary: str, *content: str) -> Html:
    """Something that opens on a click."""
    return element("details", element("summary", summary), *content)


def section(identifier: str, title: str, *content: str) -> Html:
    """A part of the page with its heading."""
    return element("section", element("h2", title), *content, id=identifier)
