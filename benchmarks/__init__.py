"""Clew against bare DuckDB on this machine, as ratios within one run: `python -m benchmarks`."""
