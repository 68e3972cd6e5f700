"""The second half of a report: all cells, the evidence behind the run, methods and versions."""

import base64
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from dmi_sim.provenance import Checkout, Provenance
from dmi_sim.report.comparisons import Comparison
from dmi_sim.report.context import ReportContext
from dmi_sim.report.evidence import Evidence, ModelValue
from dmi_sim.report.findings import primary_tests
from dmi_sim.report.interactions import Interaction
from dmi_sim.report.markup import Html, element, fold, join, paragraph, section, table
from dmi_sim.report.tables import RunTables
from dmi_sim.spec.references import Reference
from dmi_sim.statistics.intervals import RESAMPLES, mean_over_dose
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE, smallest_sign_flip_p
from dmi_sim.study.columns import Row
from dmi_sim.tables import UNKNOWN, number, with_unit

_LAST_TEST = {True: "last test, pushed", False: "last test, calm"}
"""Headings of the last test, by whether infants were pushed in it."""


def cells_section(run: RunTables, context: ReportContext) -> Html:
    """Every planned cell, those that failed too, and the tables to download."""
    kinds = run.manifest.spec.test.pushes
    measured = context.curve_measure
    values = ("mean over practice", *(_LAST_TEST[pushed] for pushed in kinds))
    titles = (f"{measured.title.capitalize()}, {value}" for value in values)
    head = [
        "Cell", *(with_unit(title, measured.bracketed_unit) for title in titles),
        "Faults", "Practice [h]", "Computing [s]", "State", "Folder",
    ]  # fmt: skip
    at_dose = " at one dose" if len(run.manifest.spec.dose.steps) > 1 else ""
    missing = len(run.manifest.cells) - len(run.records)
    finished = f"{len(run.records)} of {len(run.manifest.cells)} planned cells were finished"
    return section(
        "cells",
        "All cells",
        paragraph(
            f"A cell is one infant in one arm{at_dose}. {finished}"
            f"{'; the others are listed with their reason.' if missing else '.'}"
        ),
        *(paragraph(f"Left out: {line}", class_="warning") for line in run.skipped),
        table(head, (_cell_row(run, context, key) for key in run.manifest.cells), class_="cells"),
        paragraph(
            "Take the numbers away: ",
            _download("comparisons.csv", comparison_rows(context.findings.comparisons)),
            ", ",
            *_interaction_download(context.findings.interactions),
            _download("tests.csv", run.tests),
            ".",
            class_="screen",
        ),
    )


def _cell_row(run: RunTables, context: ReportContext, key: str) -> list[str]:
    label, record = run.manifest.cells[key], run.records.get(key)
    kinds = run.manifest.spec.test.pushes
    if record is None:
        return [
            label,
            *([UNKNOWN] * (4 + len(kinds))),
            _why_missing(run, key),
            element("code", key),
        ]
    outcome = context.findings.primary.curve
    tests = [row for row in primary_tests(run) if row["cell"] == key]
    pushed = context.findings.primary.pushed
    curve = [row for row in tests if row["pushed"] == pushed]
    return [
        label,
        number(_mean_over_dose(curve, outcome), 2),
        *(_last(tests, outcome, pushed=kind) for kind in kinds),
        str(sum(int(row["physics_faults"]) for row in tests)),
        number(record.timing.dose_h, 2 if record.timing.dose_h >= 0.1 else 4),
        number(record.timing.wall_s, 0),
        "finished",
        element("code", key),
    ]


def _mean_over_dose(rows: Sequence[Row], outcome: str) -> float:
    import numpy as np

    dose, values = ([float(row[name]) for row in rows] for name in ("dose_h", outcome))
    return mean_over_dose(np.array(dose), np.array(values))


def _last(tests: Sequence[Row], outcome: str, *, pushed: bool) -> str:
    own = [row for row in tests if row["pushed"] == pushed]
    last = max(own, key=lambda row: float(row["dose_h"]), default=None)
    return UNKNOWN if last is None else number(float(last[outcome]), 2)


def _why_missing(run: RunTables, key: str) -> str:
    for failed in run.manifest.failed_cells:
        if failed.cell == key:
            return f"given up after {failed.attempts} attempts: {failed.reason}"
    if any(line.startswith(f"cell {key}:") for line in run.skipped):
        return "finished, but its files cannot be read"
    return "not finished"


def comparison_rows(comparisons: Iterable[Comparison]) -> Iterator[dict[str, object]]:
    """All numbers of each comparison, flat, as tables to take away have them."""
    for one in comparisons:
        row: dict[str, object] = {**asdict(one.group), "first": one.first, "second": one.second}
        row["infants"] = len(one.differences)
        for name in ("difference", "student", "bootstrap", "robust", "hedges_g", "chance"):
            estimate = asdict(getattr(one, name))
            row |= {f"{name}_{field}": estimate[field] for field in ("value", "low", "high")}
        yield row | {
            "p": one.p_value,
            "p_holm": one.p_holm,
            "p_sign_flip": one.p_sign_flip,
            "p_sign_flip_smallest": smallest_sign_flip_p(len(one.differences)),
            "p_equivalent": one.p_equivalent,
            "p_equivalent_holm": one.p_equivalent_holm,
        }


def _interaction_download(interactions: Sequence[Interaction]) -> Iterator[Html | str]:
    """The link to the interactions, if there are any."""
    if interactions:
        yield _download("interactions.csv", map(interaction_row, interactions))
        yield ", "


def interaction_row(one: Interaction) -> dict[str, object]:
    """All numbers of an interaction, flat, as tables to take away have them."""
    groups = (("", one.group), ("reference_", one.reference))
    kinds = {f"{which}{k}": v for which, group in groups for k, v in asdict(group).items()}
    infants, reference_infants = one.infants
    numbers = {f"difference_{name}": value for name, value in asdict(one.difference).items()}
    return {
        "factor": one.factor,
        "first": one.first,
        "second": one.second,
        **kinds,
        "infants": infants,
        "reference_infants": reference_infants,
        **numbers,
        "p": one.p_value,
        "p_holm": one.p_holm,
    }


def _download(name: str, rows: Iterable[dict[str, object]] | Iterable[Row]) -> Html:
    """A link that holds a CSV table as its own data."""
    records = [dict(row) for row in rows]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(records[0]) if records else [])
    writer.writeheader()
    writer.writerows(records)
    data = base64.b64encode(buffer.getvalue().encode()).decode()
    return element("a", name, href=f"data:text/csv;base64,{data}", download=name)


def evidence_section(evidence: Evidence) -> Html:
    """Every assumed value of the model, by file."""
    counts = {basis: evidence.counts.get(basis, 0) for basis in ("measured", "scaled", "assumed")}
    if calibrated := evidence.counts.get("calibrated"):
        counts["calibrated"] = calibrated
    counted = ", ".join(f"{count} {basis}" for basis, count in counts.items())
    return section(
        "rests",
        "What this run rests on",
        paragraph(
            f"Of the numbers in the model files of this run, {counted}: measured in infants, "
            "scaled from other bodies or tables, or assumed by us because nobody measured them. "
            "Another choice of the assumed ones could give another answer."
        ),
        *_not_as_run(evidence.not_as_run),
        *(
            fold(f"{path}: {len(values)} assumed", _assumed_table(values))
            for path, values in evidence.assumed.items()
        ),
    )


def _not_as_run(paths: Sequence[str]) -> Iterator[Html]:
    if paths:
        yield paragraph(
            f"Changed or gone since this run, so not listed: {', '.join(paths)}.", class_="warning"
        )


def _assumed_table(values: Iterable[ModelValue]) -> Html:
    rows = ([value.key, value.value, value.unit, value.note] for value in values)
    return table(["Value", "Is set to", "Unit", "Why"], rows)


def references_section(evidence: Evidence) -> Html:
    """The literature behind the numbers."""
    works = sorted(evidence.references.values(), key=lambda one: (one.authors.lower(), one.year))
    entries = [element("li", reference_text(one)) for one in works]
    return section(
        "references",
        "References",
        paragraph(
            "Works that the model's numbers name. \u201cSecond hand\u201d: read in a work that "
            "quotes it; \u201crecalled\u201d: still to be compared with it."
        ),
        element("ul", *entries) if entries else paragraph("None."),
    )


def reference_text(one: Reference) -> str:
    """One entry of the list of references: authors (year), title, place and how it was read."""
    status = {"read": "read", "secondary": "second hand", "recalled": "recalled"}[one.status]
    doi = f"doi {one.doi}" if one.doi else ""
    parts = (f"{one.authors} ({one.year})", one.title, one.where, doi)
    return " ".join((*(_ended(part) for part in parts if part), f"[{status}]"))


def _ended(part: str) -> str:
    """A part of a reference with its full stop, unless it has its own end."""
    return part if part.endswith((".", "?", "!")) else f"{part}."


_TERMS = (
    ("Infant", "One run of learning: a simulated body with its own untrained controller, "
     "its own practice and its own tests. The infant is what is counted, never an episode."),
    ("Pairing", "The same infant practises in every arm, starting from the same untrained "
     "controller and tested in the same episodes, so arms are compared within infants."),
    ("Mean over practice", "Area under the learning curve over the hours of practice "
     "(trapezoids between tests), divided by these hours."),
    ("95 % interval", "A range made so that it holds the true difference in 95 of 100 such "
     "studies, if differences between infants are bell-shaped; where they are skewed or a few "
     "infants fail badly, it does so in about 80. If zero is in it, no difference is shown. It "
     "reaches over two: the "
     "t interval, which takes differences between infants for bell-shaped, and the "
     f"bias-corrected bootstrap interval ({RESAMPLES} resamples of infants), which does not "
     "but is too narrow for few infants."),
    ("Hedges g", "The difference in units of the spread between infants, corrected for few "
     "infants; its interval is that of the noncentral t distribution."),
    ("Chance of being higher", "Share of infants with a higher value in the first arm, ties "
     "half, with the exact (Clopper-Pearson) interval."),
    ("Middle half", "Mean of the infants without the highest and the lowest quarter "
     "(interquartile mean); with fewer than four infants, of all."),
    ("Robust", "The Hodges-Lehmann estimate: the middle of the means of all pairs of infants, with "
     "the exact interval of the signed-rank test. A few infants who are far off move it little; it "
     f"needs {FEWEST_TO_DECIDE} infants."),
    ("p, Holm", "The p value of the paired t test, corrected for the number of comparisons (Holm): "
     "where no arm differs, 5 of 100 studies at most show any difference, if differences are "
     "bell-shaped."),
    ("p, sign flips", "The p value of the permutation test that swaps the arms within infants in "
     "all ways; it takes no bell shape and is not corrected. With n infants it cannot fall below "
     "2 / 2ⁿ, which stands beside it."),
    ("p, equivalence", "Two one-sided tests against the margin that the study named as too "
     "small to matter, corrected for the number of comparisons too (Holm): below 0.05 the arms may "
     "be called equivalent, if the 95 % interval is also within the margin."),
    ("Verdict", f"From {FEWEST_TO_DECIDE} infants on: a difference or an equivalence, if the "
     "interval and the corrected p value both show it; else no difference shown. Fewer infants "
     "are described: no verdict is given of them."),
)  # fmt: skip


def methods_section(context: ReportContext) -> Html:
    """The methods behind the numbers, and a glossary."""
    pairs = (join((element("dt", term), element("dd", meaning))) for term, meaning in _TERMS)
    return section(
        "methods",
        "Methods and words",
        paragraph(
            "A body made from WHO growth data moves in a physics engine under gravity. A "
            "controller learns by trial and error (reinforcement learning) to "
            f"{context.exercise.verb.base}; nothing in what it is rewarded for knows where the "
            "hands are. Outcome, comparisons and margin were named in the study file before the "
            "run."
        ),
        *(
            paragraph(f"{context.titles[arm]}. {rules}")
            for arm, rules in context.support_rules.items()
        ),
        element("dl", *pairs),
    )


def _commit(checkout: Checkout | None) -> str:
    if checkout is None:
        return UNKNOWN
    return f"{checkout.commit}{' with changes' if checkout.dirty else ''}"


def computed_with(provenance: Provenance) -> str:
    """Processor and code of a run in one sentence: what decides the last digits of its numbers."""
    checkout = provenance.checkout
    commit = "" if checkout is None else f", commit {_commit(checkout)[:8]}"
    changed = " with changes" if checkout is not None and checkout.dirty else ""
    return (
        f"Computed on {provenance.cpu} with code {provenance.code_sha256[:8]}{commit}{changed}; "
        "learning amplifies rounding, so another processor or other code gives other digits."
    )


def versions_section(run: RunTables) -> Html:
    """Command, software and files by which the run can be repeated."""
    manifest, provenance = run.manifest, run.manifest.provenance
    minutes = number(manifest.wall_s / 60, 1)
    form = f" ({manifest.form})" if manifest.form else ""
    rows = [
        ("Study", f"{manifest.study}{form}"),
        ("State", manifest.status),
        ("Started, ended", f"{manifest.started_utc}, {manifest.ended_utc or UNKNOWN}"),
        ("Computing", f"{minutes} min on {provenance.cores} cores, {provenance.cpu}"),
        ("Platform", provenance.platform),
        ("Command", element("code", " ".join(provenance.command))),
        ("Run", element("code", manifest.run_hash)),
        ("Code", element("code", provenance.code_sha256)),
        ("Commit", element("code", _commit(provenance.checkout))),
    ]
    software = ((name, version) for name, version in provenance.versions.items())
    hashes = ((path, element("code", digest)) for path, digest in manifest.sources.items())
    return section(
        "versions",
        "Versions and hashes",
        table(["What", "This run"], rows),
        fold("Software", table(["Package", "Version"], software)),
        fold("Files of infants and exercise", table(["File", "SHA-256"], hashes)),
    )
