"""The doctor: what is fit is called fit, what is not comes with a remedy."""

import errno
import os
import platform
import resource
import shutil
from datetime import datetime, tzinfo
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dmi_sim import doctor, kernel, paths
from dmi_sim.doctor import CONDA_HINT, Finding, diagnose
from dmi_sim.errors import MachineProblem


def found(name: str, folder: Path = Path()) -> Finding:
    return next(one for one in diagnose(folder) if one.name == name)


def test_a_finding_without_a_remedy_is_well() -> None:
    assert Finding("cores", "2").ok
    assert not Finding("disk", "full", "make room").ok


def test_this_machine_is_fit() -> None:
    unfit = [finding for finding in diagnose(Path()) if not finding.ok]
    assert [one for one in unfit if one.name != "dmi-sim"] == []  # a checkout is not installed


def test_the_physics_repeats_itself_here() -> None:
    assert found("physics").value.startswith("repeats bit for bit")


def test_another_machine_without_pybullet_is_sent_to_conda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert found("platform").ok  # whoever has PyBullet there needs no advice
    hide(monkeypatch, "pybullet")
    assert found("platform").remedy == CONDA_HINT
    assert found("pybullet").remedy == CONDA_HINT


def test_a_missing_package_comes_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "viser")
    assert found("viser").remedy == "pip install viser"


def test_a_missing_extra_is_no_illness(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "ray")
    assert found("ray") == Finding("ray", "not installed; optional: pip install 'dmi-sim[cluster]'")


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1e6))
    assert found("disk").remedy == "make room for results"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EDQUOT])
def test_a_folder_that_cannot_be_written_is_found(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "write_bytes", raising(OSError(number, os.strerror(number))))
    assert "choose another folder" in found("disk").remedy
    assert os.strerror(number) in found("disk").remedy


def raising(error: Exception) -> Any:
    def run(*args: object, **options: object) -> None:
        raise error

    return run


def test_the_examination_leaves_nothing_behind(tmp_path: Path) -> None:
    assert found("disk", tmp_path).ok
    assert list(tmp_path.iterdir()) == []


def ill(item: str) -> str:
    """The remedy that the doctor has for an item, without the rest of the examination."""
    _, remedy = doctor.MACHINE[item]()
    return remedy


def test_each_inspection_of_the_machine_is_part_of_the_examination() -> None:
    names = [finding.name for finding in diagnose(Path())]
    assert set(doctor.MACHINE) <= set(names)


def test_a_home_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", raising(RuntimeError("Could not determine home directory.")))
    assert ill("home") == ""


def test_a_machine_without_a_place_for_kernels_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "cache_folder", lambda *_: None)
    assert "NUMBA_CACHE_DIR" in ill("kernel cache")


def test_a_full_temporary_folder_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    full = raising(OSError(errno.ENOSPC, "No space left on device"))
    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", full)
    assert "TMPDIR" in ill("temporary folder")


def test_missing_shared_memory_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.Lock", raising(OSError(errno.ENOSYS, "not implemented")))
    assert "/dev/shm" in ill("shared memory")


def test_few_open_files_are_found() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        assert ill("open files") == "ulimit -n 1024"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert ill("open files") == ""


def test_little_memory_is_found_whatever_limits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("_meminfo_bytes", "_container_bytes"):
        with monkeypatch.context() as patch:
            patch.setattr(doctor, limit, lambda: 0.3e9)
            assert "fewer workers" in ill("memory")


def test_a_clock_that_starts_anew_at_each_boot_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Reset(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Reset":
            return cls(1970, 1, 1, tzinfo=tz)

    monkeypatch.setattr(doctor, "datetime", Reset)
    assert "set the clock" in ill("clock")


def test_another_encoding_than_utf_8_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "getfilesystemencoding", lambda: "ascii")
    assert "PYTHONUTF8" in ill("text")


@pytest.mark.parametrize("item", doctor.MACHINE)
def test_an_inspection_that_fails_is_a_finding_with_advice(
    item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(doctor.MACHINE, item, raising(OSError(errno.EIO, "Input/output error")))
    assert "examine it" in found(item).remedy


def test_an_error_during_the_diagnosis_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> Path:
        raise MachineProblem("the installation lacks its data files; reinstall it")

    monkeypatch.setattr(paths, "root", lost)
    assert "reinstall" in found("models, envs, experiments").remedy


def hide(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Let one package seem not to be installed."""
    real = metadata.version

    def version(name: str) -> str:
        if name == package:
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
