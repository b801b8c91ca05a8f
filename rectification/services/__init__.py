"""The acts of the domain, by noun. Each is atomic, leaves an event and refuses in Chinese."""
