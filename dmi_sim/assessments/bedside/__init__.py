"""The bedside examination: a clinician's manual tests, applied to a simulated infant."""
