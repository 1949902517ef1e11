"""Keep async code where a library demands it: decision 13 names the doors."""

import ast

from tools.linters.source import ROOT

PACKAGE = ROOT / "src" / "hourline"
# Decision 13: the API's server, the sandbox's servers, the egress client, the jobs.
DOORS = {
    "api/access.py",
    "api/app.py",
    "api/serve.py",
    "connectors/sandbox/__main__.py",
    "connectors/sandbox/server.py",
    "connectors/sandbox/webhooks.py",
    "connectors/sdk/addresses.py",
    "connectors/sdk/egress.py",
    "connectors/sdk/oauth.py",
    "infra/jobs_engine.py",
    "infra/jobs_turns.py",
    "infra/jobs_worker.py",
}


def is_asynchronous(text: str) -> bool:
    """Say whether Python code defines a coroutine or imports asyncio."""
    return any(
        isinstance(node, ast.AsyncFunctionDef)
        or (isinstance(node, ast.Import) and _names_asyncio(node))
        or (isinstance(node, ast.ImportFrom) and node.module == "asyncio")
        for node in ast.walk(ast.parse(text))
    )


def _names_asyncio(node: ast.Import) -> bool:
    return any(alias.name.split(".")[0] == "asyncio" for alias in node.names)


def test_async_code_stays_behind_its_doors() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if is_asynchronous(path.read_text(encoding="utf-8"))
    }

    assert found == DOORS


def test_asynchronous_code_is_recognised() -> None:
    assert is_asynchronous("async def post() -> None: ...")
    assert is_asynchronous("import asyncio.events")
    assert is_asynchronous("from asyncio import run")
    assert not is_asynchronous("def post() -> None: ...\nimport threading")
