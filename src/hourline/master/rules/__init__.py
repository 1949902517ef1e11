"""Hold the rules of master data; each file is one pure rule."""
