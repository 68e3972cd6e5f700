"""Segmental assessment of trunk control: the level down to which head and trunk are controlled."""
