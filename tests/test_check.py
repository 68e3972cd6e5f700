"""Checking folders as a whole: every name and every source must lead somewhere."""

import re
import time
from pathlib import Path

import pytest

import dmi_sim
from dmi_sim.catalog import Catalog
from dmi_sim.check import CheckResult, check_own, check_shipped, sources, spec_kinds
from dmi_sim.errors import InputError
from dmi_sim.spec.base import Quantity, Spec, Strict
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.references import References
from dmi_sim.spec.study import StudySpec

SHIPPED = Catalog.shipped()
SUPPORT = SHIPPED.root / "models/supports/pelvis.yaml"
MODULES = {
    path: path.read_text(encoding="utf-8") for path in Path(dmi_sim.__file__).parent.rglob("*.py")
}
SOURCES = [
    pytest.param(match[1], id=f"{path.stem}:{match.start()}")
    for path, text in MODULES.items()
    for match in re.finditer(r"^ *Source:\s(.*?)(?:\n *\n|\"\"\")", text, re.MULTILINE | re.DOTALL)
]
"""What each ``Source:`` of a docstring says."""
KEY = re.compile(r"``([a-z_]+(?:19|20)\d\d[a-z]?)``")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def copy_with_source(path: Path, source: str) -> Path:
    """A shipped support whose height is measured, by someone."""
    text = SUPPORT.read_text().replace(
        "height: {value: 0.18, unit: trunk_length, basis: assumed,",
        f"height: {{value: 0.18, unit: trunk_length, basis: measured, source: {source},",
    )
    assert source in text
    return write(path, text)


def references(root: Path, *keys: str) -> None:
    entry = "{title: T, authors: A, year: 2000, status: read}"
    lines = [f"  {key}: {entry}" for key in keys]
    write(root / "models/references.yaml", "\n".join(["references:", *lines]))


def study(root: Path, support: str) -> Path:
    text = (SHIPPED.root / "experiments/site_in_sitting.yaml").read_text()
    return write(
        root / "experiments/mine.yaml", text.replace("support: axillae", f"support: {support}")
    )


def test_the_shipped_files_are_right_and_one_is_checked_in_about_a_tenth_of_a_second() -> None:
    """On average; a study is planned in each of its forms. The time is that of the processor."""
    start = time.process_time()
    findings = check_shipped(SHIPPED)
    assert findings.problems == ()
    assert findings.files >= 15
    assert time.process_time() - start < 0.15 * findings.files  # a machine that does other work too


def test_every_kind_of_file_has_a_folder_of_its_own() -> None:
    folders = [kind.folder for kind in spec_kinds()]
    assert {"envs", "experiments", "models/supports"} <= set(folders)
    assert len(set(folders)) == len(folders)


def test_sources_are_found_wherever_they_are() -> None:
    class Inner(Strict):
        source: str

    class Outer(Spec):
        folder = "nowhere"
        one: Quantity
        many: dict[str, tuple[Inner, ...]]

    one = Quantity(value=1.0, unit="m", basis="measured", source="who2006")
    outer = Outer(one=one, many={"a": (Inner(source="x"), Inner(source="y"))})
    assert dict(sources(outer)) == {
        "one.source": "who2006", "many.a.0.source": "x", "many.a.1.source": "y"
    }  # fmt: skip


def test_a_source_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    references(tmp_path, "eek2006")
    copy_with_source(tmp_path / "models/supports/mine.yaml", "eek2007")
    findings = check_shipped(Catalog(tmp_path))
    assert (
        "models/supports/mine.yaml: height.source: no 'eek2007' in models/references.yaml; "
        "did you mean 'eek2006'?"
    ) in findings.problems


def test_a_reference_that_nothing_rests_on_is_found(tmp_path: Path) -> None:
    references(tmp_path, "eek2006", "forgotten1999")
    copy_with_source(tmp_path / "models/supports/mine.yaml", "eek2006")
    write(tmp_path / "models/bodies/t.csv", "# source: eek2006\na,b\n")
    assert check_shipped(Catalog(tmp_path)).problems == (
        "models/references.yaml: references.forgotten1999: no number rests on it",
    )


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_in_code_names_a_reference(source: str) -> None:
    assert KEY.findall(source)


def test_every_reference_that_code_names_is_there() -> None:
    known = SHIPPED.load(References, "references").references
    named = {key: path.name for path, text in MODULES.items() for key in KEY.findall(text)}
    assert len(named) > 20
    assert {key: where for key, where in named.items() if key not in known} == {}


def test_a_table_names_its_source(tmp_path: Path) -> None:
    references(tmp_path, "eek2006")
    copy_with_source(tmp_path / "models/supports/mine.yaml", "eek2006")
    write(tmp_path / "models/bodies/one.csv", "a,b\n")
    write(tmp_path / "models/bodies/two.csv", "# Source: eek\na,b\n")
    write(tmp_path / "models/policies/infant_0/validations.csv", "a,b\n")  # measured, not cited
    two, one = check_shipped(Catalog(tmp_path)).problems
    assert two.startswith("models/bodies/two.csv: source: no 'eek' in models/references.yaml;")
    assert one.startswith("models/bodies/one.csv: needs a comment line '# source: key'")


def test_an_own_file_may_use_shipped_and_own_names(tmp_path: Path) -> None:
    write(tmp_path / "models/supports/mine.yaml", SUPPORT.read_text())
    exercise = SHIPPED.load(StudySpec, "site_in_sitting").exercise
    text = SHIPPED.text(ExerciseSpec, exercise)
    write(tmp_path / f"envs/{exercise}.yaml", text.replace("[head, ", "[mine, head, "))
    path = study(tmp_path, "mine")
    assert check_own(tmp_path, SHIPPED) == CheckResult(3, ())
    assert check_own(path, SHIPPED) == CheckResult(1, ())


def test_a_name_that_leads_nowhere_is_found_in_an_own_file(tmp_path: Path) -> None:
    (problem,) = check_own(study(tmp_path, "pelvs"), SHIPPED).problems
    assert "mine.yaml: arms." in problem
    assert "'pelvs'" in problem


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [
        ("term: com_still", "term: com_stil", "rewards.stillness"),
        ("{width_m_s: 0.15}", "{width_m: 0.15}", "rewards.stillness"),
        ("term: fell", "term: fel", "on_fall.fall"),
        ("criterion: no_fall", "criterion: no_fal", "success"),
        ("term: trunk_tilt_above", "term: trunk_tilt_abov", "terminations.trunk_tilted"),
        ("angle_deg: 60", "angle_deg: 600", "terminations.trunk_tilted"),
        ("segment: head, fraction", "segment: haed, fraction", "terminations.head_low"),
        ("repertoire: infant", "repertoire: infnat", "repertoire"),
    ],
)
def test_a_term_or_observation_that_nobody_registered_is_found(
    right: str, wrong: str, field: str, tmp_path: Path
) -> None:
    text = (SHIPPED.root / "envs/sitting.yaml").read_text()
    write(tmp_path / "envs/mine.yaml", text.replace(right, wrong))
    (problem,) = check_own(tmp_path, SHIPPED).problems
    assert f"envs/mine.yaml: {field}: " in problem


@pytest.mark.parametrize("name", ["envs/sitting_v0", "models/repertoire/infant"])
def test_an_observation_that_nobody_registered_is_found(name: str, tmp_path: Path) -> None:
    text = (SHIPPED.root / f"{name}.yaml").read_text()
    own = f"{name.rpartition('/')[0]}/mine.yaml"
    right, wrong = (f"observations: [actuated_{one}" for one in ("angles", "angels"))
    write(tmp_path / own, text.replace(right, wrong))
    (problem,) = check_own(tmp_path, SHIPPED).problems
    assert f"{own}: observations: no observation 'actuated_angels'" in problem


def test_an_outcome_that_does_not_exist_is_found(tmp_path: Path) -> None:
    path = study(tmp_path, "axillae")
    path.write_text(path.read_text().replace("outcome: time_upright_s", "outcome: time_uprigt_s"))
    (problem,) = check_own(path, SHIPPED).problems
    assert problem.endswith(
        "primary_outcome.outcome: no outcome 'time_uprigt_s'; did you mean 'time_upright_s'?"
    )


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("models/suports/a.yaml", "must lie in one of the folders"),
        ("a.yml", "must lie in one of the folders"),
    ],
)
def test_a_file_in_the_wrong_folder_is_found(location: str, reason: str, tmp_path: Path) -> None:
    write(tmp_path / location, SUPPORT.read_text())
    (problem,) = check_own(tmp_path, SHIPPED).problems
    assert reason in problem


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no YAML file here"):
        check_own(tmp_path, SHIPPED)


def test_a_name_that_stands_under_both_endings_is_found(tmp_path: Path) -> None:
    for suffix in (".yaml", ".yml"):
        write(tmp_path / f"models/supports/mine{suffix}", SUPPORT.read_text())
    (line,) = check_own(tmp_path, SHIPPED).problems
    assert "models/supports/mine: stands twice, as .yaml and .yml" in line
