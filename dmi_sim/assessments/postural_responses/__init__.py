"""Automatic postural responses: which muscles answer a moving platform, and when."""
