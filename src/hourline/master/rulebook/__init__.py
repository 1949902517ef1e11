"""Edit rules as tables: read, check, compare, export and publish them by version."""
