"""One frozen pydantic model per kind of file."""
