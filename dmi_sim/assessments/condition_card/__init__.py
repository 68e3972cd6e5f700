"""The card of a condition: its changes with their amounts and sources."""
