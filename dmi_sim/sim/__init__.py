"""The physics: the only package that imports pybullet."""
