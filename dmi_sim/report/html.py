"""The report of a run: one self-contained HTML file that needs no network."""

from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.files import write_text
from dmi_sim.report.background import (
    cells_section,
    computed_with,
    evidence_section,
    methods_section,
    references_section,
    versions_section,
)
from dmi_sim.report.citation import write_citation
from dmi_sim.report.context import report_context
from dmi_sim.report.evidence import evidence
from dmi_sim.report.markup import Html, element, join, paragraph, section
from dmi_sim.report.other_tests import other_tests_section
from dmi_sim.report.page import head
from dmi_sim.report.paper import paper_section
from dmi_sim.report.pictures import write_figures
from dmi_sim.report.replays import replay_section
from dmi_sim.report.results import answer_section, question_section
from dmi_sim.report.site_or_help import site_or_help_section
from dmi_sim.report.tables import RunTables, read_run
from dmi_sim.report.training import assistance_section, last_test_section, learning_section
from dmi_sim.study.store import REPORT, vouch_for_outputs

_SECTIONS = {
    "answer": "Answer",
    "learning": "Learning",
    "last_test": "Last test",
    "assistance": "Hands",
    "replay": "See it",
    "cells": "All cells",
    "rests": "Rests on",
    "references": "References",
    "paper": "For a paper",
    "methods": "Methods",
    "versions": "Versions",
}

_NO_FILMS = section(
    "replay", "See it", paragraph("The films are left out of this copy; the run has them.")
)
_STATES = {
    "done": "",
    "running": "; still running, so not all cells are in",
    "failed": "; ended without some of its cells",
    "interrupted": "; interrupted before all cells were in",
}


def write_report(run_folder: Path, catalog: Catalog | None = None) -> Path:
    """Write ``report.html`` into the folder of a run, from its finished cells that are whole.

    Its pictures lie beside it as files, in ``figures/``, and the citation of the run. The manifest
    then holds all their hashes.

    Args:
        run_folder: Folder of a run, finished or not.
        catalog: Source of the model files that the run used; the shipped ones if None.

    Returns:
        The file of the report.

    Raises:
        InputError: If the folder is not one of a run, or no cell of it is finished.
    """
    path, catalog = run_folder / REPORT, catalog or Catalog.shipped()
    run = read_run(run_folder)
    write_figures(report_context(run, catalog), run_folder)
    write_citation(run.manifest, run_folder)
    write_text(path, report_html(run, catalog))
    vouch_for_outputs(run_folder)
    return path


def report_html(run: RunTables, catalog: Catalog, *, with_films: bool = True) -> str:
    """The report as an HTML page.

    Args:
        run: Tables of the run.
        catalog: Source of titles of supports, assumed values and references.
        with_films: Whether infants can be watched in it; films are most of its size.
    """
    context = report_context(run, catalog)
    found = evidence(run, catalog)
    body = element(
        "body",
        _header(run),
        question_section(context),
        answer_section(context),
        learning_section(context),
        last_test_section(context),
        assistance_section(context),
        *site_or_help_section(context),
        *other_tests_section(run, context, catalog),
        *((replay_section(run, context, catalog),) if with_films else (_NO_FILMS,)),
        cells_section(run, context),
        evidence_section(found),
        references_section(found),
        paper_section(run, context),
        methods_section(context),
        versions_section(run),
        element("footer", _context_of_use(run)),
    )
    return f"<!DOCTYPE html>\n{element('html', head(run.manifest.spec.title), body, lang='en')}\n"


def _header(run: RunTables) -> Html:
    manifest = run.manifest
    links = (element("a", title, href=f"#{place}") for place, title in _SECTIONS.items())
    return element(
        "header",
        _context_of_use(run),
        element("h1", manifest.spec.title),
        paragraph(_about(run), class_="note"),
        element("nav", join(links, " ")),
    )


def _about(run: RunTables) -> str:
    form = run.manifest.form.capitalize()
    named = f"{form} of the study" if form else "Study"
    date = run.manifest.started_utc[:10]
    name = f"{named} \u201c{run.manifest.study}\u201d, {date}{_STATES[run.manifest.status]}."
    return f"{name} {computed_with(run.manifest.provenance)}"


def _context_of_use(run: RunTables) -> Html:
    return paragraph(run.manifest.context_of_use, class_="use")
