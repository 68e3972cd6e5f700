"""What a posture asks of an infant in a therapist's hands: mechanics at rest, without training."""
