"""Hold the rules of what customers get; EN 16931 names terms BT and rules BR."""
