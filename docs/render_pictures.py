"""Render the pictures of README and docs: ``python docs/render_pictures.py [name ...]``.

From the checkout; without names all of them. What needs trained policies takes the shipped ones, of
seed 0 where one has to be chosen, and is left out with a note where there are none.
"""

import subprocess
import sys
from collections.abc import Callable, Iterable
from math import ceil
from pathlib import Path

import gymnasium as gym
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.names import exercises
from dmi_sim.render.plotting import canvas
from dmi_sim.render.series_style import series_styles
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import run_trial
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.training.library import (
    bundles,
    load_policy,
    practised_by,
    shipped_folder,
    shipped_policies,
    training_site,
    version_for,
)
from dmi_sim.training.pretrained import SUCCESS_THRESHOLD, read_curve

ROOT = Path(__file__).parents[1]
PICTURES, TABLES = ROOT / "docs/pictures", ROOT / "docs/tables"
SUPPORTS = ("axillae", "pelvis", "none")
SECONDS = 1.6
SEED = 5
TRIES = 10
"""Unseen episodes in which a success is looked for."""
COLUMNS, TILE_PX, CAPTION_PX = 5, (360, 270), 46

Picture = NDArray[np.uint8]
Tile = tuple[Picture | None, str, str]
"""What is seen, title, and the line below it."""


def run(*words: str) -> None:
    """One command of the command line, whose answer is a picture."""
    command = [sys.executable, "-m", "dmi_sim", *words]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def note(words: str) -> None:
    """Say why something is missing."""
    sys.stderr.write(f"{words}\n")


def letting_go(support: str) -> Picture:
    """An infant of 7 months under the zero action, a moment after the start, in hands at a site."""
    env = gym.make("dmi_sim:DMI/Sitting-v1", support=support, render_mode="rgb_array")
    env.reset(seed=SEED, options={"steps_after_end": True})  # unheld she falls sooner
    for _ in range(round(SECONDS * env.metadata["render_fps"])):
        env.step(np.zeros(env.action_space.shape or (), dtype=np.float32))
    picture = np.asarray(env.render(), dtype=np.uint8)
    env.close()
    return picture


def by_age() -> list[tuple[str, ExerciseSpec]]:
    """All exercises, by typical age."""
    loaded = [(name, Catalog.shipped().load(ExerciseSpec, name)) for name in exercises()]
    return sorted(loaded, key=lambda one: one[1].typical_age_months)


def in_hands(site: str) -> str:
    """Where the hands are, in words."""
    return "no hands" if site == "none" else f"hands: {site.replace('_', ' ')}"


def start(name: str, spec: ExerciseSpec) -> Tile:
    """The start posture of an exercise, in as few hands as it allows."""
    env = PostureEnv(EnvConfig(name), "rgb_array")
    env.reset(seed=0)
    picture = env.render()
    env.close()
    return picture, spec.title, f"from {spec.typical_age_months:g} months"


def shown_policies(name: str) -> list[Path]:
    """Shipped policies for an exercise: who practised least else first, then those of version 0."""
    of_today = [one for one in sorted(shipped_folder().iterdir()) if name in practised_by(one)]
    of_before = shipped_policies(name).get(0)
    of_today.sort(key=lambda bundle: len(practised_by(bundle)))
    return [*of_today, *([of_before] if of_before else [])]


def success(name: str, spec: ExerciseSpec) -> Tile:
    """The last picture of a success of a shipped policy, in the hands in which it practised."""
    words = "no policy"
    for bundle in shown_policies(name):
        site = training_site(bundle, name)
        policy = load_policy(bundle)
        env = PostureEnv(EnvConfig(version_for(bundle, name), support=site), "rgb_array")
        tried = (run_trial(env, policy, seed, {}) for seed in evaluation_seeds(TRIES))
        succeeded = any(one.is_success for one in tried)  # stops at the first
        picture = env.render() if succeeded else None
        env.close()
        words = f"{spec.age_months:g} months, {in_hands(site)}"
        if succeeded:
            return picture, spec.title, words
    return None, spec.title, f"{words}: none in {TRIES}"


def contact_sheet(tiles: Iterable[Tile], path: Path) -> None:
    """Write tiles in rows, each with its caption; where there is no picture, a blank one."""
    shown = list(tiles)
    wide, high = TILE_PX[0], TILE_PX[1] + CAPTION_PX
    sheet = Image.new("RGB", (COLUMNS * wide, ceil(len(shown) / COLUMNS) * high), "white")
    draw = ImageDraw.Draw(sheet)
    bold, small = ImageFont.load_default(19), ImageFont.load_default(16)
    for number, (picture, title, words) in enumerate(shown):
        x, y = number % COLUMNS * wide, number // COLUMNS * high
        tile = Image.new("RGB", TILE_PX, "#eef0f3")
        if picture is not None:
            tile = Image.fromarray(picture).resize(TILE_PX, Image.Resampling.LANCZOS)
        sheet.paste(tile, (x, y))
        draw.text((x + 8, y + TILE_PX[1] + 1), title, fill="black", font=bold)
        draw.text((x + 8, y + TILE_PX[1] + 23), words, fill="#5f6b7a", font=small)
    sheet.save(path, optimize=True)


def hands() -> None:
    """The same infant under the zero action with three supports."""
    row = np.hstack([letting_go(support) for support in SUPPORTS])
    few_colours = Image.fromarray(row).quantize(255, dither=Image.Dither.NONE)
    few_colours.save(PICTURES / "hands.png", optimize=True)


def demand() -> None:
    """Demand by site and age."""
    run("demand", "--age", "6", "--figure", str(PICTURES / "demand.png"))


def examination() -> None:
    """An examination of an infant with hypotonia beside a typical one."""
    child = ("--age", "6", "--condition", "hypotonia", "--severity", "0.7")
    run("examine", *child, "--picture", str(PICTURES / "examination.png"))


def starts() -> None:
    """All start postures."""
    contact_sheet((start(name, spec) for name, spec in by_age()), PICTURES / "starts.png")


def successes() -> None:
    """What success looks like in each exercise."""
    if not bundles(shipped_folder()):
        return note("successes: no policy in models/policies")
    contact_sheet((success(name, spec) for name, spec in by_age()), PICTURES / "successes.png")


def curves() -> None:
    """Learning curves of all shipped policies, a panel per exercise."""
    if not bundles(shipped_folder()):
        return note("curves: no policy in models/policies")
    with canvas(17.0, 9.6) as (figure, _):
        figure.clear()
        rows = ceil(len(exercises()) / COLUMNS)
        panels = figure.subplots(rows, COLUMNS, sharey=True, squeeze=False).ravel().tolist()
        for panel, (name, spec) in zip(panels, by_age(), strict=False):
            draw_curves(panel, name, spec, shipped_policies(name))
        for panel in panels[len(exercises()) :]:
            panel.set_axis_off()
        figure.supxlabel("Practice [simulated hours]")
        figure.supylabel("Completed share of the exercise, mean of unseen episodes")
        figure.suptitle(
            "Training of the shipped policies, a line per seed. Large marks: validations in which "
            f"at least {SUCCESS_THRESHOLD:.0%} of the episodes succeed.", x=0.01, ha="left",
        )  # fmt: skip
        figure.savefig(PICTURES / "curves.png", dpi=100)
    return None


def draw_curves(panel: Axes, name: str, spec: ExerciseSpec, policies: dict[int, Path]) -> None:
    """One exercise: a line per seed, a large mark for each validation that says learnt."""
    for seed, style in series_styles(map(str, policies)).items():
        validations = read_curve(policies[int(seed)])
        hours = np.array([validation.steps for validation in validations]) / spec.control_hz / 3600
        done = np.array([validation.completion for validation in validations])
        is_learnt = np.array(
            [validation.success >= SUCCESS_THRESHOLD for validation in validations]
        )
        panel.plot(hours, done, color=style.colour, linestyle=style.line, marker=".")
        panel.plot(hours[is_learnt], done[is_learnt], style.marker, color=style.colour)
    site = training_site(min(policies.items())[1], name) if policies else None
    panel.set_title(f"{spec.title}\n{in_hands(site) if site else 'no policy'}", fontsize=10)
    panel.set_ylim(-0.03, 1.05)
    panel.set_xlim(left=0)


def segmental() -> None:
    """The level of the trunk that the first sitting policy controls."""
    policy = str((shipped_folder() / "sitting_0").relative_to(ROOT))
    run("assess", "segmental", policy, "--figure", str(PICTURES / "segmental.png"))


def ladder() -> None:
    """The ladder score of an infant of all exercises as a staircase."""
    if not bundles(shipped_folder()):
        return note("ladder: no policy in models/policies")
    figure, table = str(PICTURES / "ladder.png"), str(TABLES / "ladder.md")
    return run("assess", "ladder", "infant_0", "--figure", figure, "--table", table)


DRAWINGS: dict[str, Callable[[], None]] = {
    "hands": hands,
    "demand": demand,
    "examination": examination,
    "starts": starts,
    "successes": successes,
    "curves": curves,
    "segmental": segmental,
    "ladder": ladder,
}


def main(names: list[str]) -> None:
    """Write the pictures of these names beside this file, or all of them."""
    for name in names or DRAWINGS:
        DRAWINGS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
