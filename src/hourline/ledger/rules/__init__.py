"""Hold the rules of journals; each file is one pure rule."""
