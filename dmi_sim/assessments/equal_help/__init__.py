"""Equal help: how firm hands must be at each site to help as much as hands at another do."""
