"""Add the key to Tryton's invoices and moves; the database keeps it unique."""

from trytond.model import Unique, fields
from trytond.pool import PoolMeta


class _Keyed:
    __slots__ = ()

    external_key = fields.Char("External Key")

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        table = cls.__table__()
        constraint = ("external_key_unique", Unique(table, table.external_key))
        cls._sql_constraints.append((*constraint, "hourline_key.msg_key_taken"))

    @classmethod
    def copy(
        cls, records: "list[_Keyed]", default: dict[str, object] | None = None
    ) -> "list[_Keyed]":
        # A copy is another document.
        return super().copy(records, default={"external_key": None, **(default or {})})


class Invoice(_Keyed, metaclass=PoolMeta):
    """Carry a key."""

    __name__ = "account.invoice"


class Move(_Keyed, metaclass=PoolMeta):
    """Carry a key."""

    __name__ = "account.move"
