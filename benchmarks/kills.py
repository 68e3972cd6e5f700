"""Kill a study and its workers with SIGKILL again and again, fill its disk, and compare the bytes.

``python benchmarks/kills.py [--kills 50] [--steps 8000] [--infants 2] [--no-disk]`` runs a small
study once in peace, then again while it or one of its workers is killed at random moments and
resumed, and once on a disk (a small tmpfs, so as root) that is full for a while. It prints how many
kills fell into practice, tests and other work, and ends with exit code 1 if a byte differs.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from dmi_sim.catalog import Catalog, parse_yaml
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.verify import verify

OWN = {"log.txt", "cell.json"}
"""Files of a cell that hold times of this machine."""


PRACTICE = {"n_envs": 2, "n_steps": 160, "batch_size": 160, "chunk_rollouts": 2}
"""Short chunks, so that checkpoints are many and each may be the last."""


def study_file(folder: Path, steps: int, infants: int) -> Path:
    """Some infants in two arms, with three evaluations."""
    data = parse_yaml(Catalog.shipped().text(StudySpec, "site_in_sitting"), "study")
    del data["arms"]["axillae"]
    data["primary_outcome"]["comparisons"] = [["pelvis", "none"]]
    data |= {"seeds": infants, "dose": {"training_steps": steps, "evaluations": 3}}
    data["training"] = PRACTICE
    data["test"]["episodes"] = 1
    path = folder / "small.yaml"
    path.write_text(json.dumps(data))  # JSON is YAML
    return path


def start(study: Path, home: Path) -> "subprocess.Popen[bytes]":
    """The study in a folder, new or resumed."""
    words = ("-m", "dmi_sim", "study", str(study), "--workers", "2", "--resume", "last")
    home.mkdir(exist_ok=True)
    with home.with_suffix(".log").open("ab") as log:
        return subprocess.Popen((sys.executable, *words), stdout=log, stderr=log, cwd=home)


def run_in(home: Path) -> Path:
    """The one run that was begun and resumed in a folder."""
    (manifest,) = home.glob("runs/*/*/manifest.json")
    return manifest.parent


def workers_of(driver: int) -> dict[int, Path]:
    """The workers that run a cell, and the folders of their cells."""
    found = dict[int, Path]()
    listing = Path(f"/proc/{driver}/task/{driver}/children")
    for pid in map(int, listing.read_text().split() if listing.exists() else ()):
        try:
            output = Path(f"/proc/{pid}/fd/1").readlink()
        except OSError:
            continue
        if output.name == "log.txt":
            found[pid] = output.parent
    return found


def phase(cell: Path) -> str:
    """What a cell does: practise, be tested, or else begin or end."""
    work = cell / "work"
    if not work.is_dir():
        return "begin or end"
    lines = (cell / "log.txt").read_text(errors="replace").splitlines()
    tests = [int(line.split()[1]) for line in lines if line.startswith("test ")]
    if tests and not (work / f"test_{tests[-1] - 1:03d}.sha256").exists():
        return "test"
    return "practice"


def kill_one(driver: "subprocess.Popen[bytes]", rng: random.Random) -> str | None:
    """Kill the study or a worker; gives who and in what phase, None if there is nothing to kill."""
    workers = workers_of(driver.pid)
    if not workers or driver.poll() is not None:
        return None
    pid, cell = rng.choice(sorted(workers.items()))
    what = phase(cell)
    if rng.random() < 0.3:
        driver.kill()
        driver.wait()
        return f"study in {what}"
    os.kill(pid, signal.SIGKILL)
    return f"worker in {what}"


def killed_run(study: Path, home: Path, budget: int, rng: random.Random) -> Counter[str]:
    """A run that is killed at random moments, up to a number of times, and resumed to its end."""
    heard = Counter[str]()
    while True:
        driver = start(study, home)
        while driver.poll() is None:
            time.sleep(rng.uniform(0.3, 3.0))
            if heard.total() < budget and (what := kill_one(driver, rng)) is not None:
                heard[what] += 1
        if driver.wait() == 0:
            return heard


def results(run: Path) -> dict[str, bytes]:
    """All result files of a run, by path."""
    cells = (path for path in (run / "cells").rglob("*") if path.is_file() and path.name not in OWN)
    paths = [*cells, run / "summary.parquet", run / "columns.json"]
    return {path.relative_to(run).as_posix(): path.read_bytes() for path in paths}


def check(name: str, home: Path, wanted: dict[str, bytes]) -> bool:
    """Say whether a run is whole and has the wanted bytes."""
    run = run_in(home)
    found = results(run)
    odd = sorted(path for path in {*found, *wanted} if found.get(path) != wanted.get(path))
    problems = verify(run).problems
    print(f"{name}: {len(wanted)} files, different: {odd or 'none'}; damaged: {problems or 'none'}")  # noqa: T201
    return not (odd or problems)


def full_disk_run(study: Path, folder: Path, wanted: dict[str, bytes]) -> bool:
    """A run on a disk that is full at several moments and gets room again."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(
        ("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk), check=False
    ).returncode:
        print("full disk: skipped, a tmpfs cannot be mounted here (needs root)")  # noqa: T201
        return True
    try:
        codes = [run_with_room(study, disk, kib) for kib in (60, 200, 400, 900, 2000)]
        codes.append(start(study, disk / "home").wait())
        print(f"full disk: exit codes {codes}")  # noqa: T201
        return check("full disk", disk / "home", wanted)
    finally:
        subprocess.run(("umount", disk), check=True)


def run_with_room(study: Path, disk: Path, kib: int) -> int:
    """Run with so much room left, until the study gives up; then there is room again."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free
    filler.write_bytes(bytes(max(0, free - 1024 * kib)))
    code = start(study, disk / "home").wait()
    filler.unlink()
    return code


def main() -> int:
    """Run all of it and print what came."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--infants", type=int, default=2)
    parser.add_argument("--no-disk", action="store_true")
    chosen = parser.parse_args()
    rng, heard, good = random.Random(7), Counter[str](), True
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        study = study_file(folder, chosen.steps, chosen.infants)
        began = time.monotonic()
        if start(study, folder / "peace").wait():
            print((folder / "peace.log").read_text()[-2000:])  # noqa: T201
            return 1
        wanted = results(run_in(folder / "peace"))
        print(f"in peace: {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201
        if not chosen.no_disk:
            good &= full_disk_run(study, folder, wanted)
        number = 0
        while heard.total() < chosen.kills:
            home = folder / f"home{number}"
            heard += killed_run(study, home, chosen.kills - heard.total(), rng)
            good &= check(f"run {number}, {heard.total()} kills so far", home, wanted)
            print(dict(heard), flush=True)  # noqa: T201
            number += 1
    mid = sum(count for what, count in heard.items() if what.endswith(("practice", "test")))
    print(f"{heard.total()} kills, {mid} in practice or tests: {dict(heard)}; equal: {good}")  # noqa: T201
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
