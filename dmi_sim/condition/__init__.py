"""Conditions: pure transformations of an infant by name and severity."""
