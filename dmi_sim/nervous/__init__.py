"""The nervous layer between controller and muscle: reflexes, conduction delays, noise."""
