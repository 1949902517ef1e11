"""A real ERP for tests: a Tryton of its own, started, fed, hurt and read."""
