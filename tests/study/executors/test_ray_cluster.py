"""The Ray executor on a real cluster of two nodes, one of which is killed while it works."""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.study.cell_files import COMMIT_MARK, LOG
from dmi_sim.study.child_cells import CHILD_FOLDER
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.run import run_cells, run_prepared
from dmi_sim.study.store import committed
from dmi_sim.study.verify import verify
from tests.study import children
from tests.study.fake_cells import quick_cell, run_at, waiting_cell

cluster_utils: Any = pytest.importorskip(
    "ray.cluster_utils", reason="Ray is not installed (extra 'cluster'; no wheel for this machine)"
)

pytestmark = [
    pytest.mark.slow,
    # Ray leaves sockets and subprocesses for the garbage collector; none of them is ours.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

RAY = ExecutorConfig("ray", workers=2)
NODE = {"num_cpus": 1, "object_store_memory": 80_000_000}


class TwoNodes:
    """Two nodes of one core each, as processes of this machine, the second to be killed.

    Args:
        folder: Folder of Ray's files; a short name, because a socket's path has 107 letters.
    """

    def __init__(self, folder: str) -> None:
        head = {**NODE, "temp_dir": f"{folder}/ray", "include_dashboard": False}
        self.cluster = cluster_utils.Cluster(initialize_head=True, head_node_args=head)
        self.second = self.cluster.add_node(**NODE)

    def kill_second(self) -> None:
        self.cluster.remove_node(self.second, allow_graceful=False)


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> Generator[TwoNodes]:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    with tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("RAY_TMPDIR", folder)  # where it writes the address of the cluster
        both = TwoNodes(folder)
        monkeypatch.setenv("RAY_ADDRESS", both.cluster.address)
        try:
            yield both
        finally:
            both.cluster.shutdown()
        assert not processes_of(folder)


def processes_of(folder: str) -> list[str]:
    """Command lines of the processes that work in a folder of Ray."""
    found: list[str] = []
    for listing in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = listing.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if folder in line:
            found.append(line)
    return found


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 300
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def kill_a_working_node(run: Path, nodes: TwoNodes) -> None:
    """Kill the second node while both work, and let the cells go on when its loss is known."""
    if soon(lambda: len(list(run.glob("cells/*/begun"))) == 2):
        nodes.kill_second()
    soon(lambda: any("lost on the cluster" in log.read_text() for log in logs(run)))
    (run / "go").touch()


def logs(run: Path) -> list[Path]:
    return list(run.glob("cells/*/log.txt"))


def kill_a_node_in_practice(run: Path, nodes: TwoNodes) -> None:
    """Kill the second node once both children have practised, long before they are done."""
    assert soon(lambda: len(list(run.glob(f"cells/*/{CHILD_FOLDER}/diary/*"))) >= 2)
    nodes.kill_second()


def bytes_of(run: Path) -> dict[str, bytes]:
    """Every table of a run."""
    names = ("episodes.parquet", "training.parquet")
    cells = {f"{c.name}/{name}": (c / name).read_bytes() for c in committed(run) for name in names}
    return cells | {"summary.parquet": (run / "summary.parquet").read_bytes()}


def test_two_nodes_one_of_them_killed_give_the_bytes_of_the_process_pool(
    tmp_path: Path, nodes: TwoNodes
) -> None:
    pool = run_cells(run_at(tmp_path, "pool"), replace(RAY, kind="process"), quick_cell)
    run = run_at(tmp_path, "ray")
    killer = threading.Thread(target=kill_a_working_node, args=(run.folder, nodes))
    killer.start()
    result = run_cells(run, RAY, waiting_cell)
    killer.join()
    lost = [log for log in logs(run.folder) if "attempt 1 failed: lost on" in log.read_text()]
    assert len(lost) == 1
    assert (result.complete, verify(run.folder).problems) == (True, ())
    assert bytes_of(run.folder) == bytes_of(pool.folder)


def results_of(run: Path) -> dict[str, bytes]:
    """Every file of all children, and the table of the run; logs and marks hold times."""
    files = [path for cell in committed(run) for path in cell.rglob("*") if path.is_file()]
    kept = [path for path in files if path.name not in (LOG, COMMIT_MARK)]
    return {p.relative_to(run).as_posix(): p.read_bytes() for p in (*kept, run / "summary.parquet")}


def test_children_on_two_nodes_one_of_them_killed_have_the_bytes_of_the_process_pool(
    tmp_path: Path, nodes: TwoNodes
) -> None:
    study, catalog = children.study(children=1, weeks=1), Catalog.shipped()
    pool, run = (children.run_at(tmp_path / name, study) for name in ("pool", "ray"))
    run_prepared(pool, replace(RAY, kind="process"), catalog)
    killer = threading.Thread(target=kill_a_node_in_practice, args=(run.folder, nodes))
    killer.start()
    result = run_prepared(run, RAY, catalog)
    killer.join()
    assert (result.done, result.complete) == (2, True)
    lost = [log for log in logs(run.folder) if "attempt 1 failed: lost on" in log.read_text()]
    assert len(lost) == 1
    assert len(results_of(pool.folder)) > 2 * 7
    assert results_of(run.folder) == results_of(pool.folder)
