"""Bedside tests: what a clinician does to recognise an infant, done to a simulated one."""
