"""Take changes of master data: every finding of a record at once."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from litestar import put
from litestar.params import FromPath, QueryParameter, RawBody

from hourline.api.access import Contract, Given, Known
from hourline.api.bodies import id_in_path, not_found, read_json
from hourline.api.connections import connection_no
from hourline.api.problems import ApiProblem, Code, Finding
from hourline.api.shapes import MasterReply
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow import change_master
from hourline.infra.api_keys import Scope
from hourline.intake.model import ID_LENGTH_MAX, Identifier
from hourline.master.model import KIND_BY_NAME, Record

BODY_BYTES_MAX = 1024 * 1024
# No rate, price or budget of this world has more digits on either side.
_DIGITS_MAX = 15
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_REMEDY = "Write the fields as the reference of master data shows."
OptionalConnection = Annotated[
    str | None,
    QueryParameter(
        name="connection",
        min_length=1,
        max_length=300,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="The connection whose id is in the path; without it, it is ours.",
    ),
]


class MasterBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Be what a system says of a record; fields not named stay as they are."""

    fields: dict[str, Any] = {}
    canonical_id: Identifier | None = None
    effective_from: date = date.min
    effective_until: date = date.max


@put(
    "/v1/master-data/{kind:str}/{record_id:str}",
    operation_id="put_master_data",
    summary="Say what a record of master data holds; what waited for it goes on.",
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=BODY_BYTES_MAX,
    opt={
        "contract": Contract(
            Scope.MASTERDATA_WRITE, MasterReply, {"application/json": MasterBody}
        )
    },
)
def put_master_data(
    *,
    services: Given,
    caller: Known,
    body: RawBody,
    kind: FromPath[str],
    record_id: FromPath[str],
    connection: OptionalConnection = None,
) -> MasterReply:
    """Append a version of the record; the same content again changes nothing."""
    source_id = id_in_path(record_id)
    record_type = KIND_BY_NAME.get(id_in_path(kind))
    if record_type is None:
        raise not_found()
    said = read_json(body, MasterBody)
    _refuse_if(list(_findings(source_id, said, record_type)))
    number = None
    if connection is not None:
        with services.database.tenant(caller.tenant) as session:
            number = connection_no(session, connection)
    change = MasterChange(
        record_type.kind,
        source_id,
        said.canonical_id,
        said.fields,
        said.effective_from,
        said.effective_until,
    )
    applied = change_master(
        services.database, caller.tenant, [change], connection_no=number
    )
    _refuse_if([Finding.of(refusal.problem) for refusal in applied.refusals])
    return MasterReply(
        kind=record_type.kind, id=source_id, changed=applied.changed == 1
    )


def _refuse_if(findings: list[Finding]) -> None:
    if findings:
        raise ApiProblem(
            Code.REFUSED, "The record was not taken over.", findings=findings
        )


def _findings(
    source_id: str, said: MasterBody, record_type: type[Record]
) -> Iterator[Finding]:
    """Yield everything that is wrong with the fields by themselves."""
    if not 0 < len(source_id) <= ID_LENGTH_MAX:
        yield _finding(f"The id has {len(source_id)} characters, not 1 to 300.")
    if _CONTROL.search(f"{source_id}{said.canonical_id or ''}"):
        yield _finding("An id contains a control character.")
    if said.effective_from >= said.effective_until:
        yield _finding("effective_until is not after effective_from.")
    types = {one.name: one.type for one in msgspec.structs.fields(record_type)}
    for name, value in said.fields.items():
        if name in types:
            yield from _field_findings(name, value, types[name])
        else:
            yield _finding(f"{record_type.kind} has no field {name}.", name)


def _field_findings(name: str, value: object, kind: object) -> Iterator[Finding]:
    try:
        converted = msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as fault:
        yield _finding(f"{name}: {fault}.", name)
        return
    if any(_is_absurd(number) for number in _numbers(converted)):
        yield _finding(f"{name}: the number is not usable.", name)


def _numbers(value: Any) -> Iterator[Decimal]:  # noqa: ANN401 - a field is of any type
    match value:
        case bool():
            return
        case int() | Decimal():
            yield Decimal(value)
        case tuple() | list():
            for inner in value:
                yield from _numbers(inner)
        case Mapping():
            yield from _numbers(list(value.values()))
        case msgspec.Struct():
            yield from _numbers(list(msgspec.structs.asdict(value).values()))
        case _:
            pass  # texts and dates hold no number


def _is_absurd(number: Decimal) -> bool:
    if not number.is_finite():
        return True
    exponent = number.as_tuple().exponent
    return (
        number.adjusted() >= _DIGITS_MAX
        or not isinstance(exponent, int)
        or exponent < -_DIGITS_MAX
    )


def _finding(sentence: str, field: str | None = None) -> Finding:
    return Finding(
        code="master_record_invalid",
        sentence=sentence,
        remedy=_REMEDY,
        detail={} if field is None else {"field": field},
    )
