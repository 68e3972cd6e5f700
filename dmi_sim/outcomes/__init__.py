"""Outcomes of a recorded episode: what studies compare, never what is rewarded."""
