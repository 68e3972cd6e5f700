"""The card of a condition: what it changes, by how much and from which source."""
