"""Render the pictures of the README: ``python docs/render_pictures.py`` from the checkout."""

import subprocess
import sys
from pathlib import Path

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SUPPORTS = ("axillae", "pelvis", "none")
SECONDS = 1.6
SEED = 5


def relaxed_infant(support: str) -> NDArray[np.uint8]:
    """An infant of 7 months that lets go, a moment after the start, in hands at a site."""
    env = gym.make("dmi_sim:DMI/Sitting-v0", support=support, render_mode="rgb_array")
    env.reset(seed=SEED)
    for _ in range(round(SECONDS * env.metadata["render_fps"])):
        env.step(np.zeros(env.action_space.shape or (), dtype=np.float32))
    picture = np.asarray(env.render(), dtype=np.uint8)
    env.close()
    return picture


def run(*words: str) -> None:
    """One command of the command line, whose answer is a picture."""
    subprocess.run([sys.executable, "-m", "dmi_sim", *words], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Write the pictures beside this file."""
    here = Path(__file__).parent
    row = np.hstack([relaxed_infant(support) for support in SUPPORTS])
    Image.fromarray(row).save(here / "hands.png", optimize=True)
    run("demand", "--age", "6", "--figure", str(here / "demand.png"))
    child = ("--age", "6", "--condition", "hypotonia", "--severity", "0.7")
    run("examine", *child, "--picture", str(here / "examination.png"))


if __name__ == "__main__":
    main()
