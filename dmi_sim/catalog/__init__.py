"""The YAML files that a researcher edits: found, read, checked."""
