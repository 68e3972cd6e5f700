"""Pictures of infants in motion: shapes in the world, and a replay in the browser."""
