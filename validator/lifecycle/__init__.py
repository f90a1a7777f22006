"""From an estate file to a repository."""
