"""The motor ladder: every exercise from lying to walking, scored alone and supported."""
