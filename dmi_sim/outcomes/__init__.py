"""Outcomes of a to_recording episode: what studies compare, never what is rewarded."""
