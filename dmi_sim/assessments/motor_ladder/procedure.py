"""The motor ladder: every exercise from lying to walking, alone and with hands at each site."""

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dmi_sim.assessments import OnProgress
from dmi_sim.assessments.motor_ladder.result import (
    ItemFinding,
    LadderFinding,
    SiteFinding,
    hands_do_it,
    item_score,
)
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.names import without_old
from dmi_sim.rollout.controllers import SILENT_MUSCLES, Controller
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import completions
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.ladder import LadderSpec


@dataclass(frozen=True)
class Plan:
    """The exercises to try and the sites of the hands in each.

    Attributes:
        specs: Exercises by name, in order of typical age.
        sites: Sites to try in each exercise, from proximal to distal.
    """

    specs: Mapping[str, ExerciseSpec]
    sites: Mapping[str, tuple[str, ...]]


def plan(
    exercises: Sequence[str] = (), sites: Sequence[str] = (), catalog: Catalog | None = None
) -> Plan:
    """The plan for the named exercises at the named sites.

    Args:
        exercises: Names of files in ``envs/``; all but those of version 0 if empty.
        sites: Names of files in ``models/supports/``, ``none`` among them; all if empty.
        catalog: Catalog with these files; the shipped one by default.

    Raises:
        InputError: If there is no such exercise, or no exercise has such a support site.
    """
    catalog = catalog or Catalog.shipped()
    known = catalog.names(ExerciseSpec)
    _refuse_unknown("exercise", exercises, known)
    specs = {name: catalog.load(ExerciseSpec, name) for name in exercises or without_old(known)}
    specs = dict(sorted(specs.items(), key=lambda item: item[1].typical_age_months))
    _refuse_unknown("site", sites, {site for spec in specs.values() for site in spec.supports})
    tried = {
        name: tuple(site for site in spec.supports if not sites or site in sites)
        for name, spec in specs.items()
    }
    return Plan(specs, tried)


def ladder(
    controllers: Mapping[str, Controller | None],
    rule: LadderSpec,
    chosen: Plan | None = None,
    infant: Mapping[str, Any] | None = None,
    on_progress: OnProgress | None = None,
    catalog: Catalog | None = None,
) -> LadderFinding:
    """Score controllers on the ladder, one per exercise.

    Deterministic: trials use the evaluation seeds, on which no policy is trained; they are the same
    at every site and for the infant with silent muscles.

    Args:
        controllers: Controllers by exercise; an exercise with None, or without an entry, is tried
            with reflexes only (zero action).
        rule: Rules of the score, a file in ``models/assessments/ladder/``.
        chosen: Exercises and their sites; all of them if None.
        infant: Fields of :class:`dmi_sim.env.config.EnvConfig` that describe the infant; by default
            the typical girl of the age that each exercise is made for.
        on_progress: Called before each site.
        catalog: Catalog with the exercises; the shipped one by default.

    Raises:
        InputError: If a controller belongs to no exercise, or there is no such infant.
    """
    catalog = catalog or Catalog.shipped()
    chosen = chosen or plan(catalog=catalog)
    _refuse_unknown("exercise", controllers, catalog.names(ExerciseSpec))
    count, items = sum(map(len, chosen.sites.values())), list[ItemFinding]()
    for name, spec in chosen.specs.items():
        before = sum(len(item.sites) for item in items)

        def report(index: int, site: str, name: str = name, before: int = before) -> None:
            if on_progress is not None:
                on_progress((before + index) / count, f"{name}, hands: {site}")

        with _open_environment(name, spec, infant or {}) as env:
            found = score_sites(env, controllers.get(name), rule, chosen.sites[name], report)
        items.append(ItemFinding(name, spec.dimension, spec.typical_age_months, found))
    return LadderFinding(tuple(items))


def score_sites(
    env: PostureEnv,
    controller: Controller | None,
    rule: LadderSpec,
    sites: Iterable[str],
    on_site: Callable[[int, str], None] | None = None,
) -> tuple[SiteFinding, ...]:
    """Score a controller in one exercise, at one site of the hands after the other.

    Args:
        env: Environment of the exercise; it stays open.
        controller: Controller that acts; None for reflexes only (zero action).
        rule: Rules of the score.
        sites: Sites of the hands, or ``none``.
        on_site: Called with the number and name of each site before its trials.
    """
    found: list[SiteFinding] = []
    for index, site in enumerate(sites):
        if on_site is not None:
            on_site(index, site)
        found.append(_at_site(env, controller, rule, site))
    return tuple(found)


def _at_site(
    env: PostureEnv, controller: Controller | None, rule: LadderSpec, site: str
) -> SiteFinding:
    seeds = evaluation_seeds(rule.trials.value)
    hands = {"support": site, "support_strength": rule.strength.value}
    silent_muscles = completions(env, None, seeds, {**hands, **SILENT_MUSCLES})
    if hands_do_it(silent_muscles):
        return SiteFinding(site, (), silent_muscles, None)
    completion = completions(env, controller, seeds, hands)
    return SiteFinding(
        site, completion, silent_muscles, item_score(completion, silent_muscles, rule)
    )


@contextmanager
def _open_environment(
    exercise: str, spec: ExerciseSpec, infant: Mapping[str, Any]
) -> Generator[PostureEnv]:
    env = PostureEnv(EnvConfig(exercise, support=spec.supports[-1], **infant))
    try:
        yield env
    finally:
        env.close()


def _refuse_unknown(what: str, names: Iterable[str], known: Collection[str]) -> None:
    problems = [
        f"{what}: no '{name}' on the ladder; {did_you_mean(name, known)}"
        for name in names
        if name not in known
    ]
    if problems:
        raise InputError(*problems)
