"""The commands of ``python -m experiments``; every import that takes time waits for its command."""
