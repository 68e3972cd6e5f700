"""Atomic writes: a file is complete or not there at all."""

import errno
import json
import os
import tempfile
from math import nan
from pathlib import Path

import pytest

from dmi_sim.files import (
    atomic_write,
    remove_partial_files,
    text_as_file,
    write_bytes,
    write_json,
    write_text,
)


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


def failing_sync(number: int, *, of_folders: bool) -> object:
    """An ``os.fsync`` of a file system that answers with an error, for folders or for files."""
    real = os.fsync

    def fsync(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").resolve().is_dir() == of_folders:
            raise OSError(number, os.strerror(number))
        real(handle)

    return fsync


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EIO, errno.EACCES])
def test_a_folder_that_cannot_be_synchronised_holds_whole_files_all_the_same(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", failing_sync(number, of_folders=True))
    write_bytes(tmp_path / "data.bin", b"abc")
    assert (tmp_path / "data.bin").read_bytes() == b"abc"


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_promises_nothing_is_written_all_the_same(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", failing_sync(number, of_folders=False))
    write_bytes(tmp_path / "data.bin", b"abc")
    assert (tmp_path / "data.bin").read_bytes() == b"abc"


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_data_that_did_not_reach_the_disk_do_not_replace_those_that_did(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes(tmp_path / "data.bin", b"old")
    monkeypatch.setattr(os, "fsync", failing_sync(number, of_folders=False))
    with pytest.raises(OSError, match=os.strerror(number)):
        write_bytes(tmp_path / "data.bin", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_text_can_be_read_by_path_without_any_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    for text in ("<a/>", "90°"):
        with text_as_file(text) as path:
            assert Path(path).read_text(encoding="utf-8") == text


def test_where_files_cannot_be_in_memory_a_temporary_one_is_made_and_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "memfd_create")
    with text_as_file("90°") as path:
        assert Path(path).read_text(encoding="utf-8") == "90°"
    assert not Path(path).exists()
