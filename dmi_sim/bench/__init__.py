"""How fast the simulation is here, beside a well-known peer in the same run."""
