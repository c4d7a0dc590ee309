"""A working mini pack on permit cases, there to be copied: `clew new-pack NAME`."""
