"""Pages that belong to no app: error pages."""
