"""The Gymnasium environments: one class, exercises as data, terms as pure functions."""
