"""Provide what every stage runs on: PostgreSQL, tenancy, jobs, secrets, settings."""
