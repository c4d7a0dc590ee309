"""Figures of the pack."""

INDICATORS = ()
