"""Give a connector what it is written with."""
