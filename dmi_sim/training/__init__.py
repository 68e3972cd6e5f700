"""Training of policies with stable-baselines3, their bundles and checkpoints."""
