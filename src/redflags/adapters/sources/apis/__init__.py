"""HTTP APIs and their JSON answers as sources."""
