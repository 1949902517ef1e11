"""Build the application: its operations, its guard and its replies to what fails."""

from typing import cast

from litestar import Litestar
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.types import HTTPScope, Receive, Scope, Send
from litestar.types.asgi_types import LifeSpanReceive, LifeSpanScope, LifeSpanSend

from hourline.api import (
    batches,
    customer_documents,
    document,
    entries,
    events,
    exception_items,
    files,
    health,
    master_data,
    payments,
    projects,
    webhooks,
)
from hourline.api.access import (
    Services,
    admit,
    contract_of,
    give_caller,
    give_services,
)
from hourline.api.problems import HANDLERS
from hourline.infra.database import Database
from hourline.infra.secrets import Keyring

OPERATIONS = (
    health.get_liveness,
    health.get_readiness,
    document.get_openapi,
    batches.send_time_entries,
    entries.get_time_entry,
    webhooks.take_webhook,
    events.send_events,
    files.send_file,
    master_data.put_master_data,
    projects.get_project_status,
    exception_items.list_exceptions,
    customer_documents.get_document,
    payments.send_payment,
    payments.get_due,
)


class HourlineApi(Litestar):
    """Be the application; paths are routed as they were written.

    So an id keeps an encoded slash: it is one segment, decoded by its operation.
    """

    async def __call__(
        self,
        scope: Scope | LifeSpanScope,
        receive: Receive | LifeSpanReceive,
        send: Send | LifeSpanSend,
    ) -> None:
        """Serve one call."""
        if scope["type"] == ScopeType.HTTP:
            call = cast("HTTPScope", scope)
            # Some servers leave the query in the raw path; a path has no bare "?".
            path, _, _ = call["raw_path"].partition(b"?")
            call["path"] = path.decode("ascii", "replace")
        await super().__call__(scope, receive, send)


def create_app(database: Database, keyring: Keyring) -> HourlineApi:
    """Return the application over an open database and the key of its secrets.

    Raises TypeError where an operation does not declare who may call it.
    """
    for operation in OPERATIONS:
        contract_of(operation)
    app = HourlineApi(
        route_handlers=OPERATIONS,
        guards=[admit],
        dependencies={
            "services": Provide(give_services, sync_to_thread=False),
            "caller": Provide(give_caller, sync_to_thread=False),
        },
        exception_handlers=HANDLERS,
        openapi_config=document.openapi_config(),
        logging_config=None,
    )
    app.state.services = Services(database, keyring)
    return app
