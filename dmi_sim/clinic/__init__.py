"""Assessments that put a controller through a procedure. Simulation, not clinical evidence."""
