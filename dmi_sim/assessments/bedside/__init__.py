"""The bedside examination: what a clinician does by hand, done to a simulated infant."""
