"""Hold the rules of intake: what a record says, and what it changes."""
