"""Practice, evaluation and policy bundles, on PPO of stable-baselines3."""
