"""Atomic writes: a file is complete or not there at all."""

import json
from math import nan
from pathlib import Path

import pytest

from dmi_sim.files import atomic_write, remove_partial_files, write_bytes, write_json, write_text


def test_a_file_and_its_folder_appear(tmp_path: Path) -> None:
    write_bytes(tmp_path / "new/data.bin", b"abc")
    assert (tmp_path / "new/data.bin").read_bytes() == b"abc"


def test_text_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    write_text(tmp_path / "text.txt", "90°\n")
    assert (tmp_path / "text.txt").read_bytes() == "90°\n".encode()


def test_json_comes_back_and_nan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    write_json(path, {"age_months": [7, 9.5]})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, [nan])
    assert json.loads(path.read_text()) == {"age_months": [7, 9.5]}


def killed_while_writing(path: Path) -> None:
    with atomic_write(path) as temporary:
        temporary.write_bytes(b"half of the n")
        raise KeyboardInterrupt


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "data.bin"
    write_bytes(path, b"old")
    with pytest.raises(KeyboardInterrupt):
        killed_while_writing(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_seen_under_the_name_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "data.bin"
    with atomic_write(path) as temporary:
        temporary.write_bytes(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"


def test_what_a_killed_process_had_half_written_is_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "cell").mkdir()
    kept = tmp_path / "cell/.hidden"
    kept.touch()
    with atomic_write(tmp_path / "cell/table.parquet") as temporary:
        temporary.touch()
        remove_partial_files(tmp_path)
        assert list((tmp_path / "cell").iterdir()) == [kept]
        temporary.touch()
