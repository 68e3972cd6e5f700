"""What a recorded episode shows: outcomes, never rewards."""
