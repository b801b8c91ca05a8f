"""Pages that belong to no app, split by noun."""
