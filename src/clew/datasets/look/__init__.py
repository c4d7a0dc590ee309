"""A first look at any file, with no workspace: what it holds, what is wrong with it, what it is."""
