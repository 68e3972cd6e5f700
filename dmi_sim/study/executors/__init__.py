"""Executors of study cells: inline, in processes, on a Ray cluster; equal results."""
