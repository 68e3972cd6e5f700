"""One page for each condition, made from its file in ``models/conditions/`` and its card."""

from collections.abc import Iterator, Mapping

from exercise_pages import NOTICE
from markdown_text import code, section, table, words

from dmi_sim.assessments.condition_card.procedure import condition_card
from dmi_sim.assessments.condition_card.result import ChangeRow, ConditionCard
from dmi_sim.catalog import Catalog
from dmi_sim.names import conditions
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.references import Reference, References
from dmi_sim.tables import MINUS, UNKNOWN

AGE_MONTHS, SEVERITIES = 12.0, (0.5, 1.0)
"""Of the infants whose numbers the pages show."""


def condition_pages() -> dict[str, str]:
    """All pages of the section by their path in the site."""
    pages = {"conditions/index.md": "\n".join(_index())}
    for name in conditions():
        pages[f"conditions/{name}.md"] = "\n".join(_page(name))
    return pages


def _index() -> Iterator[str]:
    catalog = Catalog.shipped()
    specs = {name: catalog.load(ConditionSpec, name) for name in conditions()}
    yield "# Conditions\n"
    yield (
        "A condition turns the numbers of a typical infant into those of another one, by a "
        "severity from 0 (typical, to the bit) to 1. It is a hypothesis about mechanisms, not a "
        "patient. How it works: [concepts](../concepts/conditions.md).\n"
    )
    yield table(
        ("Condition", "Changes", "Options", "Measured", "Scaled", "Assumed"),
        [
            (f"[{s.title}]({n}.md)", str(len(s.changes)),
             ", ".join(map(code, s.options)) or UNKNOWN, *_bases(s))
            for n, s in specs.items()
        ],
    )  # fmt: skip
    yield "The last three columns count changes by the basis of their size.\n"
    yield f"{NOTICE}\n{{ .notice }}"


def _bases(spec: ConditionSpec) -> Iterator[str]:
    found = [change.amount.basis for change in spec.changes.values()]
    yield from (str(found.count(basis)) for basis in ("measured", "scaled", "assumed"))


def _page(name: str) -> Iterator[str]:
    cards = {severity: condition_card(name, AGE_MONTHS, severity) for severity in SEVERITIES}
    worst = cards[SEVERITIES[-1]]
    yield f"# {worst.title}\n"
    yield f"{worst.description}\n"
    yield f"```sh\ndmi-sim card {name} --age 12 --severity 0.5\n```\n"
    yield from section("Options", _options(worst))
    yield from section("Growth", worst.growth)
    yield from section("What it changes", _changes(worst.changes), _basis_note(worst))
    yield from section("Beside a typical infant", *_beside(cards))
    yield from section("What is not modelled", *(f"- {line}" for line in worst.not_modelled))
    yield from section("Sources", _sources(worst))
    yield f"{NOTICE}\n{{ .notice }}"


def _options(found: ConditionCard) -> str:
    return table(
        ("Option", "Choices"), [(code(name), text) for name, text in found.options.items()]
    )


def _changes(changes: tuple[ChangeRow, ...]) -> str:
    return table(
        ("At severity 1", "Where", "What that rests on"),
        [
            (f"{words(c.parameter)} {c.change}".replace("-", MINUS), _where(c), _evidence(c))
            for c in changes
        ],
    )


def _evidence(change: ChangeRow) -> str:
    source = f" after {code(change.source)}" if change.source else ""
    return f"**{change.basis}**{source}: {change.note}"


def _where(change: ChangeRow) -> str:
    arrives = ", ".join(f"{place} {share:.0%}" for place, share in change.arrives.items())
    place = words(change.where)
    return f"{place} (arrives: {arrives})" if arrives else place


def _basis_note(found: ConditionCard) -> str:
    count = sum(change.basis == "assumed" for change in found.changes)
    if not found.changes:
        return ""
    return (
        f"The size of {count} of {len(found.changes)} changes is **assumed**: a source may say "
        "that a thing changes, and still nobody has measured by how much in infants."
    )


def _beside(cards: Mapping[float, ConditionCard]) -> Iterator[str]:
    first, worst = (cards[severity].comparisons for severity in SEVERITIES)
    if not cards[SEVERITIES[0]].changes and not cards[SEVERITIES[0]].growth:
        return
    yield f"A girl of {AGE_MONTHS:g} months, default options."
    yield table(
        ("Number", "Unit", "Typical", *(f"Severity {severity:g}" for severity in SEVERITIES)),
        [
            (half.name, "" if half.unit == "1" else half.unit, f"{half.typical:.3g}",
             f"{half.now:.3g}", f"{full.now:.3g}")
            for half, full in zip(first, worst, strict=True)
        ],
    )  # fmt: skip


def _sources(found: ConditionCard) -> str:
    known = Catalog.shipped().load(References, "references").references
    used = sorted({change.source for change in found.changes if change.source})
    return "\n".join(f"- `{key}`: {_reference(known[key])}" for key in used)


def _reference(work: Reference) -> str:
    place = f" {work.where}." if work.where else ""
    link = f" <https://doi.org/{work.doi}>" if work.doi else f" <{work.url}>" if work.url else ""
    return f"{work.authors} ({work.year}). {work.title}.{place}{link} ({work.status})"
