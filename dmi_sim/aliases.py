"""Other words for the names of this project, as therapists, parents and papers use them.

The one place for them. They are taken on the command line, by ``gym.make`` and by ``Infant``;
what is recorded is always the name that they stand for. Files, such as studies, take names only,
and the message that refuses an alias there says the name.
"""

import re
from collections.abc import Iterable, Mapping

ALIASES: dict[str, str] = {
    # supports
    "hip": "pelvis", "hips": "pelvis", "bottom": "pelvis",
    "armpit": "axillae", "armpits": "axillae", "under_arms": "axillae", "under_the_arms": "axillae",
    "shoulders": "shoulder_girdle", "ribs": "lower_ribs",
    "mid_ribs": "lower_ribs", "midribs": "lower_ribs", "tummy": "waist",
    "thigh": "thighs", "upper_legs": "thighs", "shank": "shanks", "shins": "shanks",
    "calves": "shanks", "lower_legs": "shanks", "foot": "feet",
    "fingers": "hands", "hand": "hands", "forearm": "forearms",
    "no_hands": "none", "no_support": "none", "nothing": "none", "alone": "none", "free": "none",
    "unsupported": "none",
    # conditions
    "cp": "spastic_cp", "cerebral_palsy": "spastic_cp", "spastic_cerebral_palsy": "spastic_cp",
    "floppy": "hypotonia", "floppy_infant": "hypotonia", "low_tone": "hypotonia",
    "hypotonic": "hypotonia", "downs": "down_syndrome",
    "down's_syndrome": "down_syndrome", "downs_syndrome": "down_syndrome",
    "trisomy_21": "down_syndrome", "t21": "down_syndrome",
    "gdd": "global_developmental_delay", "developmental_delay": "global_developmental_delay",
    "genetic_disorder": "chromosomal_disorder", "genetic": "chromosomal_disorder",
    "sci": "spinal_cord_lesion", "spinal_cord_injury": "spinal_cord_lesion",
    "abi": "acquired_brain_injury", "brain_injury": "acquired_brain_injury",
    "tbi": "acquired_brain_injury", "premature": "preterm", "prematurity": "preterm",
    "preemie": "preterm", "healthy": "typical", "normal": "typical",
    "typically_developing": "typical",
    # exercises
    "sit": "sitting", "stand": "standing", "walk": "walking", "crawl": "crawling",
    "roll": "rolling", "kneel": "kneeling", "cruise": "cruising", "tummy_time": "prone_propping",
    "prone": "prone_propping", "all_fours": "quadruped", "four_point": "quadruped",
    "hands_and_knees": "quadruped", "sit_up": "pull_to_sit", "stand_up": "sit_to_stand",
    # studies that had another name
    "distal_vs_proximal": "site_in_sitting",
    # sexes
    "girl": "female", "f": "female", "boy": "male", "m": "male",
}  # fmt: skip
"""The name that each other word stands for, in small letters with ``_`` for blanks."""

SEVERITIES: dict[str, float] = {"mild": 0.25, "moderate": 0.5, "severe": 0.75}
"""Severity that a word of the clinic stands for. Assumed: equal steps, with the default in the
middle; no scale of a clinic was fitted to the severities of this project."""

_MONTHS: dict[str, float] = {"d": 1 / 30.4375, "w": 7 / 30.4375, "m": 1.0, "y": 12.0}
_AGE = re.compile(r"(\d+(?:\.\d+)?)[ _-]?(d|day|days|w|wk|week|weeks|m|mo|mth|month|months|y|yr|"
                  r"year|years)(?:[ _-]?old)?")  # fmt: skip


def canonical(word: object, known: Iterable[str]) -> object:
    """The name that a word stands for among some names; the word itself if it stands for none.

    Capitals, blanks and hyphens do not matter, and a Gymnasium id stands for its exercise.

    Args:
        word: What a user wrote.
        known: Names that are allowed.

    >>> canonical("Hips", ["pelvis", "thighs"]), canonical("down-syndrome", ["down_syndrome"])
    ('pelvis', 'down_syndrome')
    >>> canonical("hips", ["left_hip"])
    'hips'
    """
    names = set(known)
    if not isinstance(word, str) or word in names:
        return word
    plain = re.sub(r"[ -]+", "_", word.strip().lower())
    name = plain if plain in names else ALIASES.get(plain)
    return name if name in names else word


def severity_of(value: object) -> object:
    """The severity that a word stands for; any other value as it is.

    >>> severity_of("mild"), severity_of(0.3)
    (0.25, 0.3)
    """
    return SEVERITIES.get(value.strip().lower(), value) if isinstance(value, str) else value


def months_of(value: object) -> object:
    """Months where an age is written with a unit of time; any other value as it is.

    A month has 30.4375 days.

    >>> months_of("6m"), months_of("6 months"), months_of("1.5 years"), months_of(7)
    (6.0, 6.0, 18.0, 7)
    """
    written = _AGE.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    return float(written[1]) * _MONTHS[written[2][0]] if written else value


def in_plain_words(arguments: Mapping[str, object], **known: Iterable[str]) -> dict[str, object]:
    """Arguments of an infant or an environment with every alias replaced by what it stands for.

    Args:
        arguments: Arguments by name; those that know no aliases stay as they are.
        known: For each argument that takes a name, the names that are allowed.

    >>> in_plain_words({"age_months": "6m", "sex": "girl"}, sex=("female", "male"))
    {'age_months': 6.0, 'sex': 'female'}
    """
    numbers = {"age_months": months_of, "severity": severity_of}
    return {
        name: numbers[name](value)
        if name in numbers
        else canonical(value, known[name])
        if name in known
        else value
        for name, value in arguments.items()
    }
