"""Automatic postural responses: the muscles that respond to a moving platform, and their timing."""
