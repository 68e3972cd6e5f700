"""Catalog: finding files, refusing bad ones, and the messages of a refusal."""

import time
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from dmi_sim import paths
from dmi_sim.catalog import Catalog, override, parse_yaml, read_spec
from dmi_sim.check import spec_kinds
from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.spec.base import Spec, Strict
from dmi_sim.spec.references import References
from dmi_sim.spec.support import SupportSpec


class Springs(Strict):
    stiffness_n_per_m: float = 100.0


class Support(Spec):
    folder: ClassVar[str] = "models/supports"

    site: str = "pelvis"
    springs: Springs = Springs()
    heights: tuple[float, ...] = ()


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    (tmp_path / "models/supports").mkdir(parents=True)
    write(tmp_path, "pelvis", "site: pelvis")
    write(tmp_path, "axillae", "site: axillae\nsprings: {stiffness_n_per_m: 4e2}")
    return Catalog(tmp_path)


def write(root: Path, name: str, text: str | bytes) -> Path:
    path = root / "models/supports" / f"{name}.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(catalog: Catalog, text: str | bytes) -> str:
    """The message for a bad file; also that refusing takes less than a second of work."""
    write(catalog.root, "bad", text)
    start = time.process_time()
    with pytest.raises(InputError) as error:
        catalog.load(Support, "bad")
    assert time.process_time() - start < 1.0
    return str(error.value)


def test_names_are_the_file_stems_in_order(catalog: Catalog) -> None:
    assert catalog.names(Support) == ("axillae", "pelvis")


def test_a_kind_without_a_folder_has_no_names(tmp_path: Path) -> None:
    assert Catalog(tmp_path).names(Support) == ()


def test_a_file_is_read_once(catalog: Catalog) -> None:
    first = catalog.load(Support, "axillae")
    write(catalog.root, "axillae", "site: changed")
    assert catalog.load(Support, "axillae") is first
    assert first.springs.stiffness_n_per_m == 400.0


def test_ones_own_file_takes_precedence_over_the_shipped_one(
    catalog: Catalog, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    (own / "models/supports").mkdir(parents=True)
    write(own, "pelvis", "site: mine")
    write(own, "knees", "site: knees")
    both = Catalog(own, catalog.root)
    assert both.names(Support) == ("axillae", "knees", "pelvis")
    assert both.load(Support, "pelvis").site == "mine"
    assert both.text(Support, "pelvis") == "site: mine"
    assert both.load(Support, "axillae").site == "axillae"
    assert both.locate("models/supports/axillae.yaml").is_relative_to(catalog.root)
    assert both.root == catalog.root


def test_ones_own_broken_file_is_not_passed_over(catalog: Catalog, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "models/supports").mkdir(parents=True)
    write(own, "pelvis", "spot: mine")
    with pytest.raises(InputError, match="spot: unknown key") as error:
        Catalog(own, catalog.root).load(Support, "pelvis")
    assert str(error.value).startswith("own/models/supports/pelvis.yaml: ")


def test_a_file_below_the_present_folder_is_named_from_there(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    (own / "models/supports").mkdir(parents=True)
    write(own, "knees", "spot: mine")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"^own/models/supports/knees\.yaml: spot"):
        Catalog(own, catalog.root).load(Support, "knees")


def test_a_missing_name_suggests_the_nearest(catalog: Catalog) -> None:
    with pytest.raises(InputError, match=r"models/supports/pelvs.yaml: .* mean 'pelvis'\?"):
        catalog.load(Support, "pelvs")


def test_a_name_cannot_leave_its_folder(catalog: Catalog) -> None:
    (catalog.root / "outside.yaml").write_text("site: x")
    with pytest.raises(InputError, match="no such file"):
        catalog.load(Support, "../../outside")


def test_the_text_is_that_of_the_file(catalog: Catalog) -> None:
    assert catalog.text(Support, "pelvis") == "site: pelvis"


def test_a_misspelt_key_is_reported_in_one_line(catalog: Catalog) -> None:
    message = refused(catalog, "springs: {stifness_n_per_m: 1}")
    assert message == (
        "models/supports/bad.yaml: springs.stifness_n_per_m: unknown key; "
        "did you mean 'stiffness_n_per_m'?"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        ("# only a comment\n", "the file is empty"),
        ("- a\n- b\n", "must be a mapping"),
        ("site: a\nsite: b\n", 'found duplicate key "site"'),
        ("site: [a\n", "line 2: "),
        (b"site: \xff\xfe\n", "not UTF-8 (byte 6)"),
        ("heights: [.nan]", "heights.0: Input should be a finite number"),
        ("springs: {stiffness_n_per_m: .inf}", "finite number"),
        ("site: x\n" * 40_000, "larger than 128 KiB"),
        ("heights: &a [*a]", "once aliases are written out"),
        ("heights: " + "[" * 5_000, "more than 50 open brackets"),
        ("".join(f"{' ' * i}a:\n" for i in range(480)), "nested too deeply"),
        ("site: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
        ("%YAML 1.1\n---\nsite: no\n", "directives"),
        ("site: a\n---\nsite: b\n", "expected a single document"),
        ("site: \x07", "special characters are not allowed"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(catalog: Catalog, text: str, reason: str) -> None:
    message = refused(catalog, text)
    assert message.startswith("models/supports/bad.yaml: ")
    assert reason in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "text",
    [
        "- " * 5_000,
        "? " * 5_000,
        "- ? " * 100,
        "".join(f"{' ' * i}- ? - - -\n" for i in range(0, 440, 10)),
    ],
    ids=["a long line of dashes", "of questions", "a line", "many lines"],
)
def test_deep_nesting_is_refused_and_crashes_no_parser(text: str) -> None:
    with pytest.raises(InputError):
        parse_yaml(text, "text")


def test_what_only_version_1_2_allows_is_read_too() -> None:
    assert parse_yaml("{a:1}", "text") == {"a:1": None}
    assert parse_yaml("a: b\u2028c", "text") == {"a": "b\u2028c"}


SHIPPED = sorted(
    path
    for folder in ("envs", "models", "experiments")
    for path in (Catalog.shipped().root / folder).rglob("*.yaml")
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_both_parsers_read_the_same_in_every_shipped_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert parse_yaml(text, path.name) == YAML(typ="safe", pure=True).load(text)


def test_an_alias_bomb_is_refused(catalog: Catalog) -> None:
    levels = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    assert "once aliases are written out" in refused(catalog, "\n".join(levels))


def test_an_honest_alias_is_read() -> None:
    assert parse_yaml("a: &x {b: 1}\nc: *x", "text") == {"a": {"b": 1}, "c": {"b": 1}}


def test_words_stay_words_and_numbers_are_numbers() -> None:
    text = "{support: off, side: no, time: 1:30, count: 010, small: 1e-3}"
    assert parse_yaml(text, "text") == {
        "support": "off", "side": "no", "time": "1:30", "count": 10, "small": 1e-3
    }  # fmt: skip


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="a:-[]{}&*!?|>'\"%@#\n 01.,", max_size=60)))
def test_any_text_is_read_or_refused_but_never_crashes(text: str) -> None:
    with suppress(InputError):
        parse_yaml(text, "text")


def test_a_file_outside_the_catalog_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    with pytest.raises(InputError, match=rf"^{path}: No such file"):
        read_spec(Support, path)
    path.write_text("site: waist")
    assert read_spec(Support, path).site == "waist"


def test_settings_replace_single_values(catalog: Catalog) -> None:
    spec = catalog.load(Support, "axillae")
    changed = override(spec, ["springs.stiffness_n_per_m=5e1", "heights=[1, 2]"])
    assert changed.springs.stiffness_n_per_m == 50.0
    assert changed.heights == (1.0, 2.0)
    assert changed.site == "axillae"
    assert spec.springs.stiffness_n_per_m == 400.0


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("site", "write it as key=value"),
        ("springs.stifness_n_per_m=1", "did you mean 'stiffness_n_per_m'"),
        ("site.height=1", "'site' has no keys inside"),
        ("springs.stiffness_n_per_m=[", "--set springs.stiffness_n_per_m=["),
        ("springs.stiffness_n_per_m=high", "valid number"),
    ],
)
def test_a_bad_setting_is_refused(catalog: Catalog, setting: str, reason: str) -> None:
    with pytest.raises(InputError) as error:
        override(catalog.load(Support, "pelvis"), [setting])
    assert reason in str(error.value)


def test_a_table_gives_columns_without_comments(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('# source\nsex,month\nM,0\n\n"F",1\n')
    assert Catalog(tmp_path).table("t.csv") == {"sex": ["M", "F"], "month": ["0", "1"]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "first row"),
        ("a,a\n1,2\n", "different column names"),
        ("a,b\n1,2\n1\n", "row 2: 1 cells, not 2"),
    ],
)
def test_a_bad_table_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InputError, match=f"^t.csv: .*{reason}"):
        Catalog(tmp_path).table("t.csv")


def test_the_shipped_files_are_found() -> None:
    assert Catalog.shipped().names(References) == ("references",)


def test_an_installation_without_its_files_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "dmi_sim/paths.py"))
    with pytest.raises(MachineProblem, match="lacks its data files"):
        paths.root()


def test_a_folder_of_ones_own_is_searched_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(paths.OWN_FILES, raising=False)
    assert paths.roots() == (paths.root(),)
    monkeypatch.setenv(paths.OWN_FILES, "")
    assert paths.roots() == (paths.root(),)
    monkeypatch.setenv(paths.OWN_FILES, str(tmp_path))
    assert paths.roots() == (tmp_path, paths.root())


@pytest.mark.parametrize("name", ["nowhere", "file.yaml"])
def test_a_folder_of_ones_own_must_exist(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file.yaml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(paths.OWN_FILES, name)
    with pytest.raises(MachineProblem, match=f"{paths.OWN_FILES}: no folder {tmp_path / name}"):
        paths.roots()


@pytest.mark.parametrize("place", ["dmi_sim/_data", "."])
def test_data_are_found_in_a_wheel_and_beside_a_checkout(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / place / "models").mkdir(parents=True)
    (tmp_path / place / "models/references.yaml").touch()
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "dmi_sim/paths.py"))
    assert paths.root() == tmp_path / place


@pytest.mark.parametrize("suffix", [".yaml", ".yml"])
def test_files_are_found_under_either_ending(tmp_path: Path, suffix: str) -> None:
    """An own file hides a shipped one of the same name, whatever the endings of both."""
    own = tmp_path / f"models/supports/pelvis{suffix}"
    own.parent.mkdir(parents=True)
    text = Catalog.shipped().text(SupportSpec, "pelvis")
    own.write_text(text.replace("title: ", "title: My "))
    catalog = Catalog(tmp_path, Catalog.shipped().root)
    assert catalog.path(SupportSpec, "pelvis") == own
    assert catalog.load(SupportSpec, "pelvis").title.startswith("My ")
    assert catalog.names(SupportSpec) == Catalog.shipped().names(SupportSpec)


@pytest.mark.parametrize("kind", spec_kinds(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", ["x" * 5000, "", "a\0b", "../envs/sitting"], ids=range(4))
def test_a_name_that_no_file_can_have_is_refused_like_any_other(
    kind: type[Spec], name: str
) -> None:
    with pytest.raises(InputError, match="no such file"):
        Catalog.shipped().load(kind, name)
