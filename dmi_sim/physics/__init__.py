"""The physics of one infant: world, neuromuscular step, support, perturbations."""
