"""Reach the firm's systems: the SDK, one module per vendor, and the sandbox."""
