"""Provenance tells results apart to the byte, and is the same on every machine."""

import platform
from importlib import metadata
from pathlib import Path

import pytest

import dmi_sim
from dmi_sim.provenance import (
    NUMERICAL_PACKAGES,
    code_sha256,
    cpu_name,
    file_sha256,
    fingerprint,
    git_checkout,
    provenance,
    sha256,
    software_versions,
    tree_sha256,
    version,
)


def test_versions_are_those_of_python_and_of_what_decides_numbers() -> None:
    found = software_versions()
    assert list(found) == ["python", *NUMERICAL_PACKAGES]
    assert found["python"] == platform.python_version()
    assert found["numpy"] == metadata.version("numpy")


@pytest.mark.parametrize("program", ["/bin/dmi-sim", "/somewhere/dmi_sim/__main__.py"])
def test_the_command_is_one_that_can_be_given_again(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [program, "study", "rolling"])
    assert provenance().command == ("dmi-sim", "study", "rolling")


def test_a_package_that_is_not_installed_has_no_version() -> None:
    assert version("no-such-package") is None


def test_the_processor_is_named_as_the_system_lists_it(tmp_path: Path) -> None:
    listing = tmp_path / "cpuinfo"
    listing.write_text("processor\t: 0\nmodel name\t: A Processor @ 2 GHz\nmodel name\t: Another\n")
    assert cpu_name(listing) == "A Processor @ 2 GHz"
    assert cpu_name(tmp_path / "none") == (platform.processor() or platform.machine())


def test_a_file_has_the_hash_of_its_bytes_and_a_tree_that_of_every_file(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.bin", "b/a.bin"):
        (tmp_path / name).write_bytes(name.encode())
    assert file_sha256(tmp_path / "z.bin") == sha256(b"z.bin")
    assert tree_sha256(tmp_path) == {"b/a.bin": sha256(b"b/a.bin"), "z.bin": sha256(b"z.bin")}
    assert list(tree_sha256(tmp_path)) == ["b/a.bin", "z.bin"]


def test_a_fingerprint_follows_content_and_not_the_order_of_keys() -> None:
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    with pytest.raises(ValueError, match="not JSON compliant"):
        fingerprint([float("nan")])


def test_the_code_hash_follows_text_and_place_of_python_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    before = code_sha256(tmp_path)
    (tmp_path / "notes.txt").write_text("not code")
    assert code_sha256(tmp_path) == before
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert code_sha256(tmp_path) != before


def test_the_code_of_this_package_is_what_is_hashed() -> None:
    assert provenance().code_sha256 == code_sha256(Path(dmi_sim.__file__).parent)


def test_a_folder_that_is_no_checkout_has_no_commit(tmp_path: Path) -> None:
    assert git_checkout(tmp_path) is None
