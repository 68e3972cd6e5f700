"""The one place that imports pybullet."""
