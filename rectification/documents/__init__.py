"""Papers of the rectification as Word files."""
