"""Progress in a log: neither too much nor too little, and always the end."""

import io

import pytest

from dmi_sim.cli.progress import duration, plain_lines, progress
from dmi_sim.cli.train import chunk_progress
from dmi_sim.training.checkpoints import TrainingRow


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_log_gets_a_line_every_half_minute_and_the_end() -> None:
    clock, log = Clock(), io.StringIO()
    update = plain_lines("study", log, clock)
    for second in range(61):
        clock.now_s = float(second)
        update(second / 100, f"second {second}", 100.0 - second)
    update(1.0, "done", 0.0)
    assert log.getvalue().splitlines() == [
        "study:   0%, 1 min 40 s to go: second 0",
        "study:  30%, 1 min 10 s to go: second 30",
        "study:  60%, 40 s to go: second 60",
        "study: 100%, 0 s to go: done",
    ]


def test_an_unknown_time_to_go_is_left_out() -> None:
    log = io.StringIO()
    plain_lines("study", log)(0.0, "starts", None)
    assert log.getvalue() == "study:   0%: starts\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3599, "59 min 59 s"), (7260, "2 h 1 min")],
)
def test_durations_have_the_unit_of_their_size(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_terminal_shows_a_bar_with_the_time_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with progress("study") as update:
        update(0.5, "cell 3", 90.0)
    assert "50 %" in terminal.getvalue()
    assert "1 min 30 s to go" in terminal.getvalue()


def chunk_at(steps: int) -> TrainingRow:
    return TrainingRow(
        steps=steps, dose_h=steps / 108_000, episodes=1, mean_episode_s=2.0, mean_reward=0.0,
        support_impulse_n_s=0.0, support_share_mean=0.0, wall_s=5.0,
        support_site="none", support_strength=0.0,
    )  # fmt: skip


@pytest.mark.parametrize("resumed_at", [0, 600])
def test_training_estimates_the_time_to_go_from_its_own_speed(resumed_at: int) -> None:
    clock, reported = Clock(), list[tuple[float, float | None]]()
    on_progress = chunk_progress(
        lambda share, _, left_s: reported.append((share, left_s)), 1000, 100, clock
    )
    for chunk in (1, 2):
        clock.now_s += 5.0
        on_progress(chunk_at(resumed_at + 100 * chunk))
    left = 800 - resumed_at
    assert reported[-1] == pytest.approx((1 - left / 1000, left * 0.05))


def test_training_beyond_its_target_is_complete() -> None:
    clock, reported = Clock(), list[tuple[float, float | None]]()
    on_progress = chunk_progress(
        lambda share, _, left_s: reported.append((share, left_s)), 50, 100, clock
    )
    on_progress(chunk_at(100))
    assert reported == [(1.0, 0.0)]
