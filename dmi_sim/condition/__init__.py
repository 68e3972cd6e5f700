"""Conditions as pure transformations of a typical infant, graded by severity."""
