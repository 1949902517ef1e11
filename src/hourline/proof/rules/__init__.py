"""Hold the pure rules by which our books are compared with somebody else's."""
