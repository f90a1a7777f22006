"""Secrets in a repository: which there are, what they show, and what stands in for a value that is not there."""
