"""Between controller and muscle: reflexes and delays."""
