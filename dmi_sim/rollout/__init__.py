"""The one episode loop, controllers, recordings and the evaluation of a policy."""
