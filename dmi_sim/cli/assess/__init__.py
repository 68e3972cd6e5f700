"""The commands ``dmi-sim assess ...``, one module each."""
