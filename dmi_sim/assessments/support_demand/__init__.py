"""Support demand: the demand of a posture on an infant held at a site, from mechanics alone."""
