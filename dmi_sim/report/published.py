"""Findings that are kept: of each study one finished run, its report and tables, and one page.

A published finding is a folder with ``finding.json``, ``comparisons.csv``, the tables of the run as
CSV and ``report.html``. The page is made from these folders alone, so that runs of other days and
machines stay on it. It tells what was found and nothing else; ``changed_since`` of a record,
written by hand, tells what has changed in the model since that run.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.files import write_bytes, write_json, write_text
from dmi_sim.report.all_findings import Finding, findings_of
from dmi_sim.report.any_report import write_any_report
from dmi_sim.report.html import report_html
from dmi_sim.report.labels import spread_words
from dmi_sim.report.tables import read_run
from dmi_sim.spec.studies import AnyStudy, ProgrammeStudySpec, Study, StudySpec
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.study.find_run import catalog_of
from dmi_sim.study.run_manifest import CONTEXT_OF_USE, AnyManifest
from dmi_sim.study.store import REPORT, read_manifest
from dmi_sim.tables import interval_text, markdown, with_unit

PAGE = "index.md"
RECORD = "finding.json"
LARGEST_REPORT = 2_000_000
"""Largest report that is kept with its films [bytes]; a larger one is kept without."""


def publish(run: Path, folder: Path) -> Path:
    """Keep the findings of a finished run; those of another run of the study make place for them.

    Args:
        run: Folder of the run.
        folder: Folder of all published findings.

    Returns:
        The folder of the finding.

    Raises:
        InputError: If the run is not finished, or is a quick form where a longer one is kept.
    """
    manifest, catalog = read_manifest(run), catalog_of(run)
    kept = folder / manifest.study
    _refuse(manifest, kept)
    found = findings_of(run, catalog)
    record = _record(manifest, found)
    _write_report(run, kept, catalog)
    for table in sorted(run.glob("*.parquet")):
        write_bytes(kept / f"{table.stem}.csv", _csv_of(table))
    write_text(kept / "comparisons.csv", _comparisons_csv(record["comparisons"]))
    write_json(kept / RECORD, record)
    return kept


def _refuse(manifest: AnyManifest, kept: Path) -> None:
    if manifest.status != "done":
        raise InputError(
            f"{manifest.study}: the run is {manifest.status}; only whole runs are kept"
        )
    before = _read(kept / RECORD) if (kept / RECORD).exists() else {}
    if manifest.quick and before and before["form"] != "quick form":
        raise InputError(
            f"{manifest.study}: {kept} holds a longer run; a quick form does not count"
        )


def _write_report(run: Path, kept: Path, catalog: Catalog) -> None:
    """The report, without films if they make it too large to keep."""
    there = run / REPORT
    report = (there if there.exists() else write_any_report(run, catalog)).read_bytes()
    is_of_exercise = isinstance(read_manifest(run).spec, StudySpec)
    if len(report) > LARGEST_REPORT and is_of_exercise:
        report = report_html(read_run(run), catalog, with_films=False).encode()
    write_bytes(kept / REPORT, report)


def _csv_of(table: Path) -> bytes:
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pa_csv.write_csv(pq.read_table(table), sink)
    return sink.getvalue().to_pybytes()


def _record(manifest: AnyManifest, found: Sequence[Finding]) -> dict[str, Any]:
    """All that the page tells of a finding, as JSON holds it."""
    spec = manifest.spec
    return {
        "study": manifest.study,
        "title": spec.title,
        "question": spec.question,
        "form": manifest.form or "full study",
        "date": manifest.started_utc[:10],
        "run_hash": manifest.run_hash[:16],
        "cpu": manifest.provenance.cpu,
        "minutes": round(manifest.wall_s / 60, 1),
        "command": command_for(manifest),
        "rests_on": list(rests_on(spec)),
        "would_change": list(would_change(spec, found)),
        "comparisons": [_plain(one) for one in found],
    }


def _plain(one: Finding) -> dict[str, Any]:
    row = {key: value for key, value in one.row.items() if key not in ("run", "quick")}
    told = {"hypothesis": one.hypothesis, **row}
    return {key: None if value != value else value for key, value in told.items()}


def command_for(manifest: AnyManifest) -> str:
    """The command that runs the study again.

    Args:
        manifest: Manifest of the run.
    """
    option = {"quick form": " --quick", "standard form": " --standard"}.get(manifest.form, "")
    return f"dmi-sim study {manifest.study}{option}"


def rests_on(study: AnyStudy) -> Iterator[str]:
    """What the numbers of a study rest on, one sentence each.

    Args:
        study: The study as it ran.
    """
    if isinstance(study, ProgrammeStudySpec):
        yield (
            f"{study.children} simulated children an arm, the same in every arm, for {study.weeks} "
            f"weeks from {study.who.age_months:g} months, {_condition(study.who.condition)}."
        )
        yield "How densely they practise is assumed, so arms are compared with each other alone."
    else:
        kinds = " and ".join(_condition(one.name) for one in study.conditions)
        ages = " and ".join(f"{age:g}" for age in study.ages_months)
        doses = " or ".join(f"{steps:,}".replace(",", " ") for steps in study.dose.steps)
        yield (
            f"{study.seeds} simulated infants an arm, the same in every arm, {kinds}, {ages} "
            f"months; {doses} control steps of practice in {study.exercise}."
        )
        yield spread_words(study)
    yield "One learner (PPO), one body model; every assumed number is listed in the report."


def _condition(name: str) -> str:
    return name.replace("_", " ")


def would_change(study: AnyStudy, found: Iterable[Finding]) -> Iterator[str]:
    """What would change the answer, as far as the run itself can tell; one sentence each.

    Args:
        study: The study as it ran.
        found: Its findings.
    """
    for one in found:
        unit, interval = one.measure.unit, one.comparison.difference
        margin = with_unit(f"{one.margin:g}", unit)
        if one.comes_to == "undecided" and interval.known:
            largest = with_unit(f"{max(abs(interval.low), abs(interval.high)):.2g}", unit)
            yield (
                f"{one.hypothesis}: more infants; a difference of up to {largest} is not excluded "
                f"(margin {margin})."
            )
        elif one.comes_to in ("description", "unknown"):
            yield f"{one.hypothesis}: {FEWEST_TO_DECIDE} infants or more; so few decide nothing."
    if isinstance(study, ProgrammeStudySpec):
        yield "Denser practice, another age or condition, or children that begin otherwise."
    else:
        yield "Another exercise, age, condition or dose; other firmness; other rewards or learner."


def _comparisons_csv(rows: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def write_index(folder: Path, catalog: Catalog) -> Path:
    """Write the page of all published findings, from their folders.

    Args:
        folder: Folder of all published findings.
        catalog: Source of the studies that are shipped.
    """
    path = folder / PAGE
    write_text(path, "\n".join(index_lines(folder, catalog)) + "\n")
    return path


def index_lines(folder: Path, catalog: Catalog) -> Iterator[str]:
    """The lines of the page, in Markdown.

    Args:
        folder: Folder of all published findings.
        catalog: Source of the studies that are shipped.
    """
    records = [_read(one) for one in sorted(folder.glob(f"*/{RECORD}"))]
    yield from ("<!-- Made by `dmi-sim findings --publish`; do not edit. -->", "", "# Findings", "")
    yield from (CONTEXT_OF_USE, "{ .notice }", "")
    yield (
        "Each finding is one run of a study whose question, outcome and margin were fixed before "
        "it ran. A null result well bounded is worth as much as a difference. Each study corrects "
        "for its own comparisons; nothing corrects for the number of studies."
    )
    if not records:
        yield from ("", "No study was run in full yet, so there is no finding here.")
    for record in records:
        yield from _finding_lines(record)
    yield from _not_run(records, catalog)
    yield from ("", "[Targets of validation that studies and tests answer](targets.md)")


def _finding_lines(record: dict[str, Any]) -> Iterator[str]:
    yield from ("", f"## {record['title']}", "", f"**Question.** {record['question']}", "")
    if record["form"] == "quick form":
        yield from ("!!! warning", "    Quick form: it describes, and decides nothing.", "")
    yield from ("**Answer.**", "")
    head = ("Comparison", "Difference [95 %]", "Infants", "In words")
    yield from markdown(head, [_row(one) for one in record["comparisons"]])
    yield from ("", "**It rests on.** " + " ".join(record["rests_on"]))
    yield from ("", "**What would change it.**", "")
    yield from (f"- {line}" for line in record["would_change"])
    study, changed = record["study"], record.get("changed_since", [])
    if changed:
        yield from ("", "**Changed since it ran; run again, it gives other numbers.**", "")
        yield from (f"- {line}" for line in changed)
    yield from ("", "**Run it again.**", "", "```sh", record["command"], "```", "")
    yield (
        f"{record['form'].capitalize()} of `{study}`, {record['date']}, {record['minutes']} min on "
        f"{record['cpu']}; run `{record['run_hash']}`. The same machine and versions give the same "
        f"numbers. [Report]({study}/{REPORT}), [comparisons]({study}/comparisons.csv), "
        f"[table of all tests]({study}/summary.csv)."
    )


def _row(one: dict[str, Any]) -> list[str]:
    return [one["hypothesis"], _effect(one), str(one["infants"]), one["in_words"]]


def _effect(one: dict[str, Any]) -> str:
    from dmi_sim.statistics.intervals import Estimate

    ends = (one[f"difference_{end}"] for end in ("value", "low", "high"))
    value, low, high = (float("nan") if end is None else float(end) for end in ends)
    shown = interval_text(Estimate(value, low, high), 2)
    return with_unit(f"{value:.2f} {shown}", one["unit"])


def _not_run(records: Sequence[dict[str, Any]], catalog: Catalog) -> Iterator[str]:
    """The shipped studies of which no run is kept."""
    done = {record["study"] for record in records}
    names = [name for name in catalog.names(Study) if name not in done]
    if not names:
        return
    yield from ("", "## Shipped, not run", "")
    yield from ("Of these studies no run is kept here, so nothing is said of their answers:", "")
    for name in names:
        yield f"- `{name}`: {catalog.load(Study, name).title}"
