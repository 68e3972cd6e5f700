"""Speed of the simulation, measured beside a well-known peer in the same run."""
