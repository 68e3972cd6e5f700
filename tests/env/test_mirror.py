"""A mirrored infant senses and does what a mirror shows."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dmi_sim.anatomy import AXES
from dmi_sim.body.reflection import AXES_MIRRORED, Reflection
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.env.infant_setup import InfantSetup, infant_setup
from dmi_sim.env.mirror import mirror_of
from dmi_sim.env.mirrored_step import mirrored_step
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.spec.exercise import CocontractionSpec, SynergySpec
from tests.env.contexts import N_MUSCLES, make_context, random_state
from tests.env.mirrored import both_episodes

SIDES = np.array([AXES.index(a) for a in AXES if a.joint in ("left_hip", "right_hip", "neck")])
SWAPPED = Reflection(np.array([1, 0]), np.array([-1, -1], np.int8))
MUSCLES = Reflection.in_place((1,) * N_MUSCLES)
A_SECOND = 30


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("exercise", exercises())
def test_mirrored_twice_all_is_as_before(exercise: str, mode: str) -> None:
    setup = made(exercise, action_mode=mode)
    mirror, random = mirror_of(setup), np.random.default_rng(0)
    felt = random.normal(size=(4, len(setup.senses.names)))
    acted = random.normal(size=(4, len(setup.actions.names)))
    assert mirror.observations(mirror.observations(felt)).tolist() == felt.tolist()
    assert mirror.actions(mirror.actions(acted)).tolist() == acted.tolist()


@pytest.mark.parametrize("name", sorted(OBSERVATIONS))
def test_an_observation_of_a_mirrored_step_is_the_mirror_image(name: str) -> None:
    term, state = OBSERVATIONS[name], random_state(2)
    random = np.random.default_rng(4)
    step = replace(
        make_context(state, random.normal(size=2), random.normal(size=2)),
        actuated=SIDES,
        joints=random.normal(size=(2, 34)),
        read_contact_force=lambda: np.linspace(0.1, 1.5, 15),
        cpg_phase_rad=0.7,
        asked_velocity=(0.06, 0.03),
    )
    labels = [AXES[i].label for i in SIDES]
    joints = Reflection.of_names(labels, [AXES[i].mirror_sign for i in SIDES])
    assert term.mirror is not None, f"{name} does not tell its mirror image"
    expected = term.mirror(joints, SWAPPED).of(term.compute(step))
    assert term.compute(mirrored_step(step, SWAPPED, MUSCLES)) == pytest.approx(expected)


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("exercise", exercises())
def test_a_mirrored_action_is_a_mirrored_command(exercise: str, mode: str) -> None:
    setup = made(exercise, action_mode=mode)
    actions, muscles = setup.actions, setup.build.infant.muscles
    swapped = Reflection.of_names(muscles.names, (1,) * len(muscles.names))
    some = np.random.default_rng(6).uniform(actions.low, actions.high, len(actions.names))
    command = actions.command(some)
    other = actions.command(mirror_of(setup).actions(some))
    assert other.excitation == pytest.approx(swapped.of(command.excitation))
    assert other.length == pytest.approx(swapped.of(command.length))


@pytest.mark.parametrize("exercise", exercises())
def test_in_the_air_an_episode_goes_on_as_in_a_mirror(
    monkeypatch: pytest.MonkeyPatch, exercise: str
) -> None:
    """Body, muscles, reflexes, senses and rhythm are symmetric to the last digit of a sense."""
    seen, other, mirror = both_episodes(monkeypatch, EnvConfig(exercise), A_SECOND, raised_m=6.0)
    assert np.abs(seen - mirror.observations(seen)).max() > 0.5
    assert other == pytest.approx(mirror.observations(seen), abs=1e-6)


@pytest.mark.parametrize("exercise", exercises())
def test_on_the_ground_an_episode_goes_on_as_in_a_mirror(
    monkeypatch: pytest.MonkeyPatch, exercise: str
) -> None:
    """Contacts are solved one after the other, so mirrored ones are not solved quite alike.

    What differs by a ten-thousandth in an eighth of a second grows in a body that falls, and a hand
    that has just come to a rail may touch it in one of them only.
    """
    seen, other, mirror = both_episodes(monkeypatch, EnvConfig(exercise), A_SECOND)
    missed = np.abs(other - mirror.observations(seen))
    unmirrored = np.abs(other - seen)
    assert missed[:4].max() < 1e-3
    assert missed.mean() < 0.02 * unmirrored.mean()
    assert missed.mean(axis=0).max() < 0.15


def made(exercise: str, **changes: Any) -> InfantSetup:
    """The infant of an exercise, with other synergies or observations if told."""
    config = {name: value for name, value in changes.items() if name == "action_mode"}
    build = build_env(EnvConfig(exercise, **config))
    other = {name: value for name, value in changes.items() if name not in config}
    return infant_setup(replace(build, spec=build.spec.model_copy(update=other)))


def synergy(axes: dict[str, float], phase: float | None = None, **more: float) -> SynergySpec:
    return SynergySpec(range_deg=30, axes=axes, cpg_phase_deg=phase, **more)


def mirrored(**synergies: SynergySpec) -> list[tuple[str, int]]:
    """The mirror image of each synergy."""
    action = mirror_of(made("kneeling", synergies=synergies)).action
    names = tuple(synergies)
    return [(names[i], s) for i, s in zip(action.source, action.sign.tolist(), strict=True)]


LEFT_KNEE, RIGHT_KNEE = {"left_knee.flexion": 1.0}, {"right_knee.flexion": 1.0}


def test_what_the_left_does_the_right_does_in_a_mirror() -> None:
    assert mirrored(a=synergy(LEFT_KNEE), b=synergy(RIGHT_KNEE)) == [("b", 1), ("a", 1)]


def test_bending_and_turning_the_trunk_change_direction_in_a_mirror() -> None:
    flexion, bend, turn = (
        synergy({f"waist.{axis}": 1.0}) for axis in ("flexion", "abduction", "rotation")
    )
    images = mirrored(flexion=flexion, bend=bend, turn=turn)
    assert images == [("flexion", 1), ("bend", -1), ("turn", -1)]


def test_both_sides_together_are_their_own_mirror_image_and_apart_the_opposite() -> None:
    together = synergy(LEFT_KNEE | RIGHT_KNEE)
    apart = synergy({"left_knee.flexion": 1.0, "right_knee.flexion": -1.0})
    assert mirrored(together=together, apart=apart) == [("together", 1), ("apart", -1)]


def test_a_partner_may_be_driven_the_other_way() -> None:
    other_way = synergy({"right_knee.flexion": -1.0})
    assert mirrored(a=synergy(LEFT_KNEE), b=other_way) == [("b", -1), ("a", -1)]


def test_equal_synergies_find_a_partner_each() -> None:
    images = mirrored(
        a=synergy(LEFT_KNEE), b=synergy(LEFT_KNEE), c=synergy(RIGHT_KNEE), d=synergy(RIGHT_KNEE)
    )
    assert [image for image, _ in images] == ["c", "d", "a", "b"]


def test_a_burst_has_its_mirror_image_half_a_cycle_later() -> None:
    left = synergy(LEFT_KNEE, 300.0)
    images = mirrored(early=left, same=synergy(RIGHT_KNEE, 120.0))
    assert images == [("same", 1), ("early", 1)]
    with pytest.raises(InputError, match=r"no mirror image of 'early'.*half a cycle later"):
        mirrored(early=left, same=synergy(RIGHT_KNEE, 300.0))


def test_a_cocontraction_tenses_both_sides() -> None:
    tensed = {"legs": CocontractionSpec(range=0.2, regions=("hip",))}
    action = mirror_of(made("kneeling", cocontractions=tensed)).action
    assert (action.source[-1], action.sign[-1]) == (action.size - 1, 1)


@pytest.mark.parametrize(
    "other",
    [{}, {"b": synergy(RIGHT_KNEE, cocontraction=0.2)}, {"b": synergy({"neck.flexion": 1})}],
)
def test_one_side_alone_is_refused(other: dict[str, SynergySpec]) -> None:
    with pytest.raises(InputError, match=r"of kneeling: no mirror image of 'a'.*right_knee"):
        mirrored(a=synergy(LEFT_KNEE), **other)


def test_an_observation_that_does_not_tell_its_mirror_image_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = replace(OBSERVATIONS["heading"], mirror=None)
    monkeypatch.setitem(OBSERVATIONS._items, "heading", silent)  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(InputError, match="observation 'heading' does not tell its mirror image"):
        mirror_of(made("cruising"))


def test_an_observation_that_tells_of_more_numbers_than_it_has_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = replace(OBSERVATIONS["heading"], mirror=lambda joints, actions: AXES_MIRRORED)
    monkeypatch.setitem(OBSERVATIONS._items, "heading", wrong)  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(InputError, match="'heading': mirror gives 34 numbers, not the 1"):
        mirror_of(made("cruising"))


def test_an_action_mode_that_does_not_tell_is_refused() -> None:
    setup = made("kneeling")
    silent = replace(setup, actions=replace(setup.actions, mirror=None))
    with pytest.raises(InputError, match="action mode 'posture' does not tell the mirror image"):
        mirror_of(silent)
