"""What a page of a report says, without its tags."""

import re
from html import unescape
from html.parser import HTMLParser

from dmi_sim.catalog import Catalog
from dmi_sim.report.context import report_context
from dmi_sim.report.results import answer_section
from dmi_sim.report.tables import RunTables

VOID = {"br", "hr", "img", "meta", "path", "use"}


class Outline(HTMLParser):
    """Checks that tags close in order, and collects the headings."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


def without_replay(page: str) -> str:
    return re.sub(r"<iframe.*?</iframe>", "", page, flags=re.DOTALL)


def section_of(page: str, name: str) -> str:
    """The text of one section, without markup and drawings."""
    inside = re.search(rf'<section id="{name}">(.*?)</section>', page, re.DOTALL)
    assert inside is not None
    bare = re.sub(r"<svg.*?</svg>", " ", inside[1], flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", bare)).replace("\u2212", "-")


def text_of(inside: str) -> str:
    return section_of(f'<section id="x">{inside}</section>', "x")


def answer_of(run: RunTables) -> str:
    """The text of the answer that a run would give."""
    return text_of(answer_section(report_context(run, Catalog.shipped())))
