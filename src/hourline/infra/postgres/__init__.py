"""Hourline's own PostgreSQL: found, started, shared between programs, and stopped."""

from hourline.infra.postgres.address import ServerAddress, without_password
from hourline.infra.postgres.binaries import Binaries, find_binaries
from hourline.infra.postgres.cannot_start import CannotStart, CannotStop
from hourline.infra.postgres.provide import (
    DATABASE,
    database_address,
    embedded_postgres,
    ensure_database,
)
from hourline.infra.postgres.server import EmbeddedPostgres

__all__ = [
    "DATABASE",
    "Binaries",
    "CannotStart",
    "CannotStop",
    "EmbeddedPostgres",
    "ServerAddress",
    "database_address",
    "embedded_postgres",
    "ensure_database",
    "find_binaries",
    "without_password",
]
