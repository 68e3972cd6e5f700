"""A therapist and the programme it follows: which exercise, in whose hands, and when."""
