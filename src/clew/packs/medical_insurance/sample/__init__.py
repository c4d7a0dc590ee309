"""The seeded city."""

sample = None
