"""Domain 1: supervision of the medical insurance fund."""
