"""Hold the pure values and rules that every stage shares."""
