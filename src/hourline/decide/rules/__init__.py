"""Hold the pure rules of deciding, one per file."""
