"""Evidence: assumed values of the files that a run used, as long as they have not changed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.names import conditions
from dmi_sim.provenance import file_sha256
from dmi_sim.report.background import reference_text
from dmi_sim.report.evidence import evidence, used_files
from dmi_sim.report.tables import RunTables
from dmi_sim.spec.arm import ArmSpec
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.references import References
from dmi_sim.spec.study import ConditionChoice
from dmi_sim.spec.support import SupportSpec
from dmi_sim.study.sources import sources
from tests.report.fakes import study

SUPPORT = """
title: A support
table: models/bodies/lengths.csv
height: {value: 0.5, unit: m, basis: assumed, note: "a <guess>"}
parts:
  - {value: [1, 2.5, 3, 4, 5, 6, 7, 8], unit: kg, basis: scaled, source: who2006}
  - deeper: {value: 3, unit: s, basis: measured, source: paper}
"""
REFERENCES = """
references:
  who2006: {title: Growth, authors: WHO, year: 2006, status: read}
  paper: {title: On time, authors: A B, year: 2001, doi: 10.1/x, status: recalled}
  table: {title: Of lengths, authors: C D, year: 1999, status: secondary}
  unused: {title: Nothing, authors: E F, year: 1990, status: read}
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    for path, text in {
        "models/references.yaml": REFERENCES,
        "models/supports/axillae.yaml": SUPPORT,
        "models/supports/feet.yaml": SUPPORT,
        "models/bodies/lengths.csv": "# source: table, paper\n# other\na,b\n1,2\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return Catalog(tmp_path)


@pytest.fixture
def used(run: RunTables, catalog: Catalog) -> RunTables:
    """The run as if it had used the files of the little catalog."""
    paths = (
        "models/supports/axillae.yaml",
        "models/supports/feet.yaml",
        "models/bodies/lengths.csv",
    )
    hashes = {path: file_sha256(catalog.root / path) for path in paths}
    return replace(run, manifest=run.manifest.model_copy(update={"sources": hashes}))


def test_assumed_values_are_listed_with_their_reason(used: RunTables, catalog: Catalog) -> None:
    (value,) = evidence(used, catalog).assumed["models/supports/axillae.yaml"]
    assert (value.key, value.value, value.unit) == ("height", "0.5", "m")
    assert value.note == "a <guess>"


def test_values_are_counted_by_how_well_they_are_known(used: RunTables, catalog: Catalog) -> None:
    assert evidence(used, catalog).counts == {"assumed": 1, "scaled": 1, "measured": 1}


def test_supports_that_no_arm_used_are_left_out(used: RunTables, catalog: Catalog) -> None:
    found = evidence(used, catalog)
    assert list(found.assumed) == ["models/supports/axillae.yaml"]
    assert found.not_as_run == ()


def test_references_are_those_of_values_and_tables(used: RunTables, catalog: Catalog) -> None:
    assert list(evidence(used, catalog).references) == ["paper", "table", "who2006"]


@pytest.mark.parametrize("gone", [True, False])
def test_a_file_that_has_changed_since_the_run_is_named_and_not_quoted(
    used: RunTables, catalog: Catalog, gone: bool
) -> None:
    file = catalog.root / "models/supports/axillae.yaml"
    file.unlink() if gone else file.write_text(SUPPORT.replace("0.5", "0.6"))
    found = evidence(used, catalog)
    assert found.not_as_run == ("models/supports/axillae.yaml",)
    assert found.assumed == {}


def test_every_shipped_assumption_of_a_run_has_a_reason(run: RunTables) -> None:
    found = evidence(run, Catalog.shipped())
    assert found.not_as_run == ()
    values = [value for file in found.assumed.values() for value in file]
    assert len(values) == found.counts["assumed"] > 0
    assert all(value.note for value in values)


def test_long_lists_are_cut_in_the_middle(used: RunTables, catalog: Catalog) -> None:
    file = catalog.root / "models/supports/axillae.yaml"
    file.write_text(SUPPORT.replace("basis: scaled, source: who2006", "basis: assumed, note: x"))
    hashes = {"models/supports/axillae.yaml": file_sha256(file)}
    changed = replace(used, manifest=used.manifest.model_copy(update={"sources": hashes}))
    values = evidence(changed, catalog).assumed["models/supports/axillae.yaml"]
    assert [v.value for v in values] == ["0.5", "1, 2.5, 3, ... 4 more ..., 8"]


@pytest.mark.parametrize("condition", conditions())
def test_a_run_rests_only_on_what_its_study_used(condition: str) -> None:
    spec = study().model_copy(update={"conditions": (ConditionChoice(name=condition),)})
    shipped = Catalog.shipped()
    used = used_files(sources(spec.exercise, condition, shipped), spec, shipped)
    supports = {path for path in used if path.startswith("models/supports/")}
    assert supports == {f"models/supports/{arm.support}.yaml" for arm in spec.arms.values()}
    assert f"models/conditions/{condition}.yaml" in used
    assert "models/bodies/who_growth.csv" in used
    own = shipped.text(ConditionSpec, condition)
    for other in set(conditions()) - {condition}:
        assert f"models/conditions/{other}.yaml" not in used
        growth = shipped.load(ConditionSpec, other).growth
        if growth and growth.table and growth.table not in own:
            assert growth.table not in used
    assert not any(path.startswith(("models/assessments", "models/cohorts")) for path in used)


def test_a_cohort_counts_where_bodies_are_drawn_and_hands_where_infants_are_tested() -> None:
    spec, shipped = study(), Catalog.shipped()
    drawn = override(spec, ["subjects=cohort", "sexes=[drawn]", "test.supports=[feet]"])
    used = used_files(sources(spec.exercise, "typical", shipped), drawn, shipped)
    assert "models/cohorts/infants.yaml" in used
    assert "models/supports/feet.yaml" in used


@pytest.mark.parametrize("support", Catalog.shipped().names(SupportSpec))
def test_a_run_rests_on_the_firmness_of_hands_only_where_they_hold(
    run: RunTables, support: str
) -> None:
    spec, shipped = study(), Catalog.shipped()
    held = override(spec, [f"test.supports=[{support}]", f"primary_outcome.support={support}"])
    alone = held.model_copy(update={"arms": {"one": ArmSpec(support=support)}})
    paths = sources(spec.exercise, "typical", shipped)
    manifest = run.manifest.model_copy(update={"sources": dict(paths), "spec": alone})
    found = evidence(replace(run, manifest=manifest), shipped)
    holds = shipped.load(SupportSpec, support).segment is not None
    assert (f"models/supports/{support}.yaml" in found.assumed) == holds


@pytest.mark.parametrize("key", Catalog.shipped().load(References, "references").references)
def test_every_reference_reads_as_sentences(key: str) -> None:
    one = Catalog.shipped().load(References, "references").references[key]
    text = reference_text(one)
    assert not re.search(r"[.?!][.?!]", text)
    assert all(part[0].isupper() or part[0].isdigit() for part in (one.title, one.where or "A"))
