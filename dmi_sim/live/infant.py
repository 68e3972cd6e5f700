"""One infant of the classroom: an environment, who moves it, and what is seen of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.live.measures import PlayedTake
from dmi_sim.live.messages import InfantChoice, Who
from dmi_sim.live.scenery import infant_scene
from dmi_sim.names import INFANT_ID
from dmi_sim.page.messages import InfantFrame, InfantScene
from dmi_sim.page.packing import packed
from dmi_sim.physics.state import State
from dmi_sim.render.frames import HandPlacement, frame_poses
from dmi_sim.render.hands import hand_placement
from dmi_sim.render.shapes import Shape, visual_shapes
from dmi_sim.rollout.controllers import Controller, zero_action
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.rollout.recorder import EpisodeEnd, step_record, to_recording

POLICY = "infant_0"
"""The shipped policy that acts where an infant is practised; it practised every exercise."""
PULL_LASTS_S = 0.5
"""Time after which a pull ends that the page does not renew [s]; a page may go in the middle."""


@dataclass(frozen=True)
class Body:
    """An infant, made and put down once, ready to be moved.

    Attributes:
        choice: Who it is and what it does.
        env: Its environment.
        policy: The practised controller.
        reflexes: The zero action.
        shapes: Solids of its body.
    """

    choice: InfantChoice
    env: Env
    policy: Controller
    reflexes: Controller
    shapes: tuple[Shape, ...]


def make_body(choice: InfantChoice) -> Body:
    """Make an infant; that takes a part of a second, or minutes the first time on a machine.

    Raises:
        InputError: If a name is unknown, or the exercise does not know the site.
    """
    from dmi_sim.training.library import load_policy

    env = make_environment(INFANT_ID, {})
    try:
        env.reset(seed=0, options=reset_options(choice))
        policy = load_policy(POLICY, env=env)
    except Exception:
        env.close()
        raise
    shapes = visual_shapes(_posture_env(env).infant)
    return Body(choice, env, policy, zero_action(env), shapes)


def reset_options(choice: InfantChoice) -> dict[str, Any]:
    """Options of the reset that a choice means; whoever has fallen is watched further."""
    return {
        "exercise": choice.exercise,
        "age_months": choice.age_months,
        "sex": choice.sex,
        "condition": choice.condition,
        "severity": choice.severity,
        "support": choice.site,
        "support_strength": choice.firmness,
        "pushes": choice.pushes,
        "silent_muscles": choice.controller == "limp",
        "steps_after_end": True,
    }


class LiveInfant:
    """An infant that a teacher treats while it moves.

    Args:
        who: Its letter.
        body: The infant as it was made.
        seed: Seed of start, noise and pushes.
        record_s: Time for which every step is kept, see :meth:`played` [s].

    Attributes:
        choice: Who it is, in which hands now.
    """

    def __init__(self, who: Who, body: Body, seed: int, record_s: float = 0.0) -> None:
        self._who: Who = who
        self._body = body
        self._record_s = record_s
        self.choice = body.choice
        self.reset(seed)

    @property
    def _env(self) -> PostureEnv:
        return _posture_env(self._body.env)

    @property
    def _state(self) -> State:
        return self._env.state

    @property
    def control_hz(self) -> int:
        """Control steps a second [Hz]."""
        return self._env.build.spec.control_hz

    def reset(self, seed: int, choice: InfantChoice | None = None) -> None:
        """Begin a take, with other hands or another controller if told.

        Raises:
            InputError: If the exercise does not know the site.
        """
        chosen = choice or self.choice
        self._observation, _ = self._body.env.reset(seed=seed, options=reset_options(chosen))
        self.choice = chosen
        self._start_head_m = max(self._state.head_height_m, 0.01)
        self._fell_at_s: float | None = None
        self._info: Mapping[str, Any] = {}
        self._began = chosen
        self._records = [step_record(self._body.env)] if self._record_s else []
        self._grip()

    def step(self) -> None:
        """One control step; after a fall reflexes move the infant, and not a policy that flails."""
        is_practised = self.choice.controller == "practised" and self._fell_at_s is None
        acting = self._body.policy if is_practised else self._body.reflexes
        action, _ = acting.predict(self._observation, deterministic=True)
        self._observation, _, fell, _, self._info = self._body.env.step(action)
        if self._fell_at_s is None and self._state.time_s < self._record_s + 1e-6:
            self._records.append(step_record(self._body.env))
        if fell and self._fell_at_s is None:
            self._fell_at_s = self._state.time_s
        if self._state.support_site != self._held:
            self._grip()

    def hold(self, site: str, firmness: float) -> None:
        """Hands take hold where the infant is now.

        Raises:
            InputError: If the exercise does not know the site.
        """
        self._env.hold(site, firmness)
        self.choice = self.choice.model_copy(update={"site": site, "firmness": firmness})

    def let_go(self) -> None:
        """All hands let go."""
        self._env.let_go()
        self.choice = self.choice.model_copy(update={"site": "none"})

    def push(self, direction: str, speed_m_s: float) -> None:
        """A push that would set the whole body moving at a speed [m/s]."""
        self._env.push(direction, speed_m_s * self._env.infant.mass_kg)

    def pull(self, segment: str, force_n: tuple[float, float, float]) -> None:
        """Pull a segment for half a second, or until the next pull; without force it ends."""
        self._env.pull(segment, force_n, PULL_LASTS_S if any(force_n) else None)

    @property
    def has_fallen(self) -> bool:
        """Whether the infant has fallen in this take."""
        return self._fell_at_s is not None

    @property
    def has_broken_off(self) -> bool:
        """Whether the simulation broke off, after which only a new take helps."""
        return bool(self._info.get("physics_fault", False))

    @property
    def time_s(self) -> float:
        """Time since the start of the take [s]."""
        return float(self._state.time_s)

    def scene(self) -> InfantScene:
        """Body, furniture and sites of hands."""
        return infant_scene(self._who, self._env.build, self._body.shapes, self._state)

    def frame(self) -> InfantFrame:
        """What is seen of the infant now."""
        state = self._state
        fell_at_s = self._fell_at_s
        return InfantFrame(
            poses=packed(frame_poses(state, self._hands)),
            site=state.support_site,
            firmness=round(float(state.support_strength), 2),
            support_force_n=round(float(state.support_force_n), 1),
            support_share=round(float(state.support_share), 3),
            head_height_m=round(float(state.head_height_m), 3),
            head_share=round(float(state.head_height_m) / self._start_head_m, 3),
            upright_rad=round(float(state.upright_rad), 3),
            completion=round(float(self._env.completion), 3),
            is_success=bool(self._info.get("is_success", False)),
            fell_at_s=None if fell_at_s is None else round(fell_at_s, 2),
        )

    def played(self) -> PlayedTake:
        """The take so far; only of an infant whose steps are kept."""
        info = self._info
        end = EpisodeEnd(
            control_hz=self.control_hz,
            fell=self.has_fallen,
            is_success=bool(info.get("is_success", False)),
            completion=float(self._env.completion),
            physics_fault=self.has_broken_off,
        )
        recording = to_recording(self._records, self._env.infant, end)
        return PlayedTake(self._began, self._env.infant, recording, self._state)

    def close(self) -> None:
        """Free the physics."""
        self._body.env.close()

    def _grip(self) -> None:
        """Find where on the skin hands are seen, once for as long as they hold."""
        self._held = self._state.support_site
        self._hands: HandPlacement = hand_placement(self._body.shapes, self._state)


def _posture_env(env: Env) -> PostureEnv:
    return cast("PostureEnv", env.unwrapped)
