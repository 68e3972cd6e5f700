"""How to cite a run: in words, as BibTeX and as a citation file."""

import json
from collections.abc import Iterator
from pathlib import Path

from dmi_sim.files import write_text
from dmi_sim.study.run_manifest import RunManifest

AUTHOR = "dmi_sim contributors"
SOFTWARE = "dmi_sim: a physics-based infant posture simulation"
CAUTION = "Simulation, not clinical evidence."
BIBTEX_FILE, CFF_FILE = "citation.bib", "CITATION.cff"


def write_citation(manifest: RunManifest, run_folder: Path) -> None:
    """Write the citation of a run as BibTeX and as a citation file into its folder."""
    write_text(run_folder / BIBTEX_FILE, bibtex(manifest))
    write_text(run_folder / CFF_FILE, citation_file(manifest))


def citation_text(manifest: RunManifest) -> str:
    """The citation of a run in one line of words."""
    return (
        f"{AUTHOR} ({_year(manifest)}). {SOFTWARE}, version {_version(manifest)}. {_note(manifest)}"
    )


def bibtex(manifest: RunManifest) -> str:
    """The citation of a run as an entry of BibTeX."""
    fields = {
        "author": f"{{{AUTHOR}}}",
        "title": SOFTWARE,
        "year": _year(manifest),
        "version": _version(manifest),
        "note": _note(manifest),
    }
    lines = (f"  {name} = {{{_escaped(value)}}}," for name, value in fields.items())
    key = f"dmi_sim_{manifest.run_hash[:8]}"
    return "\n".join([f"@software{{{key},", *lines, "}", ""])


def _escaped(text: str) -> str:
    """Text for TeX, in which these signs mean something else."""
    return "".join(f"\\{sign}" if sign in "_&%#$" else sign for sign in text)


def citation_file(manifest: RunManifest) -> str:
    """The citation of a run as a citation file (CFF 1.2.0)."""
    return "\n".join([*_cff_lines(manifest), ""])


def _cff_lines(manifest: RunManifest) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    yield f"message: {json.dumps(f'If you use this run, please cite it as below. {CAUTION}')}"
    yield f"title: {json.dumps(SOFTWARE, ensure_ascii=False)}"
    yield "type: software"
    yield "authors:"
    yield f"  - name: {json.dumps(AUTHOR)}"
    yield f"version: {json.dumps(_version(manifest))}"
    yield f"date-released: {json.dumps(manifest.started_utc[:10])}"
    yield f"abstract: {json.dumps(_note(manifest), ensure_ascii=False)}"
    yield "identifiers:"
    yield "  - type: other"
    yield f"    value: {json.dumps(manifest.run_hash)}"
    yield "    description: Hash of the study and of all its cells"


def _version(manifest: RunManifest) -> str:
    return manifest.provenance.versions.get("dmi-sim", "unknown")


def _year(manifest: RunManifest) -> str:
    return manifest.started_utc[:4]


def _note(manifest: RunManifest) -> str:
    form = f" ({manifest.form})" if manifest.form else ""
    return (
        f"Run {manifest.run_hash[:16]} of the study {manifest.study}{form}, "
        f"{manifest.started_utc[:10]}, code {manifest.provenance.code_sha256[:12]}. {CAUTION}"
    )
