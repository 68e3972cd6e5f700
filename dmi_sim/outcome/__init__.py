"""Outcomes of a recorded episode: what studies compare, never what is rewarded.

Importing the package registers its outcomes, in the order in which tables have their columns; those
of plug-ins follow.
"""

from dmi_sim.outcome import (  # noqa: I001 - the order of the columns
    general as general,
    completion as completion,
    calm as calm,
    centre_of_mass as centre_of_mass,
    centre_of_pressure as centre_of_pressure,
    stability as stability,
    phase as phase,
    work as work,
)
