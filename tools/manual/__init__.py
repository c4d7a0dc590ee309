"""The reference manual, written from the declarations themselves."""
