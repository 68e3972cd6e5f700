"""Diagrams of the concept pages: control, the episode, a study; see ``docs/draw_concepts.py``."""

import numpy as np
from drawing import BLUE, GREEN, INK, PALE, Box, draw_arrow, draw_boxes, picture
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from dmi_sim.infant import Infant

PHYSICS_HZ, CONTROL_HZ = 240, 30

_ABOVE: list[Box] = [
    (0.8, 2, "controller\n(policy)"),
    (3.1, 2, "action mode"),
    (5.4, 2, "spinal cord:\nreflexes"),
    (7.7, 2, "70 muscles"),
    (10, 2, "body, floor,\nhands"),
]
_BELOW: list[Box] = [
    (0.8, 0.6, "observation"),
    (5.4, 0.6, "delay and noise\n(50 to 110 ms)"),
    (10, 0.6, "state"),
]
_BETWEEN = ("action", "motor\ncommand", "excitation", "torque")


def control() -> None:
    """The way from an observation to a movement and back."""
    with picture("control", 11, 3.9) as (_, (axes,)):
        draw_boxes(axes, _ABOVE + _BELOW, 1.5, 0.6)
        for (x, y, _), word in zip(_ABOVE[:-1], _BETWEEN, strict=True):
            draw_arrow(axes, (x + 0.8, y), (x + 1.5, y), word)
        draw_arrow(axes, (10, 1.66), (10, 0.95))
        draw_arrow(axes, (9.2, 0.6), (6.2, 0.6))
        draw_arrow(axes, (4.6, 0.6), (1.6, 0.6))
        draw_arrow(axes, (0.8, 0.95), (0.8, 1.66))
        axes.plot([7.7, 7.7, 5.4], [1.66, 1.3, 1.3], color=INK, lw=1.2)
        draw_arrow(axes, (5.4, 1.3), (5.4, 1.66))
        words = "stretch of the fibres, 4 to 17 ms late"
        axes.text(6.55, 1.24, words, ha="center", va="top", fontsize=9, color=GREEN)
        axes.set(xlim=(-0.1, 10.9), ylim=(0.15, 2.75))


def episode() -> None:
    """Physics steps, control steps and the delay of the head on one line of time."""
    steps, each = 4, PHYSICS_HZ // CONTROL_HZ
    last = steps * each
    with picture("episode", 11, 2.9) as (_, (axes,)):
        for k in range(last + 1):
            is_control = k % each == 0
            high, wide = (0.7, 1.6) if is_control else (0.25, 0.7)
            axes.plot([k, k], [0, high], color=INK, lw=wide)
        for k in range(steps):
            words = f"control step {k + 1}: one action"
            axes.text((k + 0.5) * each, 0.82, words, ha="center", fontsize=9.5)
        axes.text(0, -0.12, f"one physics step, 1/{PHYSICS_HZ} s", va="top", fontsize=9.5)
        _draw_delay(axes, last)
        axes.set(xlim=(-0.5, last + 0.5), ylim=(-0.4, 1.6))
        axes.set_axis_off()


def _draw_delay(axes: Axes, last: int) -> None:
    delay_s = Infant.from_spec(age_months=7).nervous.central_delay_s
    first = last - round(delay_s * PHYSICS_HZ)
    draw_arrow(axes, (first, 1.25), (last, 1.25))
    words = f"what the head feels here ({1000 * delay_s:.0f} ms late at 7 months) is observed here"
    axes.text((first + last) / 2, 1.35, words, ha="center", fontsize=9.5, color=GREEN)


def study() -> None:
    """Cells of a study, and the learning curve of one of them."""
    with picture("study", 11, 3.9, 2) as (_, (cells, curve)):
        _draw_cells(cells)
        dose = np.linspace(0, 1, 7)
        upright = 1.5 + 4 * (1 - np.exp(-3 * dose))
        curve.fill_between(dose, upright, color=PALE)
        curve.plot(dose, upright, "o-", color=BLUE)
        curve.set(title="Its learning curve (sketch)", xlabel="Dose: evaluations along the way")
        curve.set(ylabel="Outcome, tested without hands", ylim=(0, 6.5))
        curve.set_xticks(dose, [str(i) for i in range(7)])
        curve.text(0.5, 1.2, "primary outcome:\narea under the curve / dose", ha="center")


def _draw_cells(axes: Axes) -> None:
    arms, infants = ("axillae", "pelvis", "none"), 5
    for row, arm in enumerate(arms):
        for column in range(infants):
            cell = FancyBboxPatch((column, -row), 0.75, 0.6, boxstyle="round,pad=0.03")
            cell.set(facecolor=PALE, edgecolor=INK)
            axes.add_patch(cell)
        axes.text(-0.25, 0.3 - row, arm, ha="right", va="center")
    for column in range(infants):
        axes.text(column + 0.37, 0.85, f"seed {column}", ha="center", fontsize=9.5)
    words = "In a column: the same infant, starts and pushes. Only the hands differ."
    axes.text(-1.5, -2.45, words, fontsize=9)
    axes.set(xlim=(-1.6, infants), ylim=(-2.6, 1.3), title="A cell: one infant in one arm")
    axes.set_axis_off()
