"""Support demand: what a posture asks of an infant held at a site, from mechanics alone."""
