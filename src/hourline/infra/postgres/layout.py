"""Lay out the server's part of the state directory and keep it private."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hourline.infra.postgres.cannot_start import CannotStart
from hourline.infra.postgres.os_user import OsUser, first_closed_directory

PRIVATE, PASSABLE = 0o700, 0o710
DEFAULT_PORT = 5432
# The kernel's limit is 108 bytes on Linux and 104 on macOS, both with an end mark.
SOCKET_PATH_BYTES_MAX = 100

# Where root keeps the server's part of a state directory that the server's user cannot
# reach; see `layout_apart`.
SYSTEM_STATE = Path("/var/lib/hourline")
_NAME_CHARACTERS = 16

ELSEWHERE = "Set HOURLINE_STATE to another directory, or set DATABASE_URL."


@dataclass(frozen=True)
class Layout:
    """Name every path of one embedded server.

    Directories in `root` that the server's user owns hold nothing the launcher
    follows or trusts: with root as launcher, that user must not gain from it.
    """

    root: Path

    @property
    def cluster(self) -> Path:
        """Give PostgreSQL's data directory."""
        return self.root / "data"

    @property
    def password_file(self) -> Path:
        """Give the file with the superuser's password."""
        return self.root / "password"

    @property
    def output_file(self) -> Path:
        """Give the file with the server's own messages."""
        return self.root / "server.log"

    @property
    def turn_file(self) -> Path:
        """Give the file that lets one program at a time start or stop the server."""
        return self.root / "turn"

    @property
    def copies(self) -> Path:
        """Give the directory of programs copied for the server's user."""
        return self.root / "programs"


def layout_in(state_dir: Path) -> Layout:
    """Give the layout of `state_dir`, free of symbolic links and relative parts.

    It lies below the state directory, or where a link there says it was put apart.
    """
    root = Path(os.path.realpath(state_dir)) / "postgresql"
    try:
        apart = root.readlink()
    except OSError:
        # No link, or closed to us; `prepare` says what is wrong.
        return Layout(root)
    return Layout(apart if apart.parent == SYSTEM_STATE else root)


def layout_apart(layout: Layout, user: OsUser) -> Layout | None:
    """Give the layout to use instead of one that `user` cannot reach, if there is one.

    Only root's server runs as another user, and only where nothing was created yet may
    it begin elsewhere: an existing database is never left behind unseen.
    """
    if not user.differs or layout.root.is_dir() or layout.root.is_symlink():
        return None
    if first_closed_directory(user, _existing(layout.root)) is None:
        return None
    name = hashlib.sha256(os.fsencode(layout.root.parent)).hexdigest()
    return Layout(SYSTEM_STATE / name[:_NAME_CHARACTERS])


def prepare_apart(layout: Layout, apart: Layout, user: OsUser) -> str:
    """Create the layout put apart and a link to it; give the sentence that says so.

    Raises:
        CannotStart: neither place serves.
    """
    state_dir = layout.root.parent
    closed = f"{state_dir} is closed to {user.name}, as whom root must run PostgreSQL"
    again = " again" if apart.cluster.exists() else ""
    try:
        prepare(apart, user)
        state_dir.mkdir(parents=True, exist_ok=True, mode=PASSABLE)
        layout.root.symlink_to(apart.root)
    except FileExistsError:
        # Another program that starts at this moment linked to the same place first.
        pass
    except CannotStart as reason:
        raise CannotStart(f"{closed}. {reason.wrong}", reason.remedy) from reason
    except OSError as reason:
        raise _cannot_use(state_dir, reason) from reason
    return f"{closed}: its database is kept{again} in {apart.root}"


def prepare(layout: Layout, user: OsUser) -> None:
    """Create the missing directories; change the mode of none that existed.

    Raises:
        CannotStart: a directory cannot be created, is someone else's, or is closed to
            the server's user.
    """
    way = [layout.root, *layout.root.parents]
    try:
        # Asked before anything is created, so that a refusal leaves no trace.
        closed = first_closed_directory(user, _existing(layout.root))
        if closed:
            raise _closed_to(user, closed)
        for folder in reversed(way):
            _create(folder, user)
        owner = layout.root.stat().st_uid
    except OSError as reason:
        raise _cannot_use(layout.root.parent, reason) from reason
    if owner != os.geteuid():
        wrong = f"The database in {layout.root} belongs to uid {owner}, and this is "
        wrong += f"uid {os.geteuid()}."
        raise CannotStart(wrong, f"Run Hourline as that user. {ELSEWHERE}")
    if not os.access(layout.root, os.R_OK | os.W_OK | os.X_OK):
        wrong = f"The state directory {layout.root} cannot be read and written."
        raise CannotStart(wrong, ELSEWHERE)


def prepare_socket_directory(layout: Layout, user: OsUser, *, port: int) -> Path:
    """Give the private directory for the server's socket, created if missing.

    It is `socket` in the layout, or, when that path is too long for a socket, a
    directory in the system's temporary directory named by this state and user.

    Raises:
        CannotStart: the directory exists but is not the server user's alone.
    """
    folder = layout.root / "socket"
    if _socket_bytes(folder, port) > SOCKET_PATH_BYTES_MAX:
        text = f"{layout.root}\n{user.uid}"
        name = f"hourline-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        folder = Path(tempfile.gettempdir()) / name
    if _socket_bytes(folder, port) > SOCKET_PATH_BYTES_MAX:
        wrong = f"The socket path below {folder} is longer than the system allows."
        raise CannotStart(wrong, "Set HOURLINE_STATE or TMPDIR to a shorter path.")
    create_private(folder, user)
    return folder


def create_private(folder: Path, user: OsUser) -> None:
    """Create `folder` for `user` alone, or check that it is so.

    Raises:
        CannotStart: what is there is not such a directory.
    """
    try:
        folder.mkdir(PRIVATE)
        if user.differs:
            os.chown(folder, user.uid, user.gid)
    except FileExistsError:
        pass
    except OSError as reason:
        raise CannotStart(f"Cannot create {folder}: {reason}.", ELSEWHERE) from reason
    # `lstat`, because a link planted by someone else must not be followed.
    seen = folder.lstat()
    is_private = stat.S_ISDIR(seen.st_mode) and not seen.st_mode & 0o077
    if not is_private or seen.st_uid != user.uid:
        wrong = f"{folder} is not a directory of {user.name} alone."
        raise CannotStart(wrong, "Look at whose it is, remove it, and start again.")


def _socket_bytes(folder: Path, port: int) -> int:
    return len(os.fsencode(folder / f".s.PGSQL.{port}"))


def _create(folder: Path, user: OsUser) -> None:
    if folder.is_dir():
        return
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    if user.differs:
        # The server's group may pass through and not look around.
        os.chown(unfinished, -1, user.gid)
        unfinished.chmod(PASSABLE)
    try:
        # Renamed last, so that a program starting at the same moment never meets a
        # directory that is not yet open to the server's user.
        unfinished.rename(folder)
    except OSError:
        unfinished.rmdir()
        if not folder.is_dir():
            raise


def _existing(folder: Path) -> Path:
    """Give the deepest directory on the way to `folder` that exists."""
    return next(step for step in [folder, *folder.parents] if step.is_dir())


def _cannot_use(state_dir: Path, reason: OSError) -> CannotStart:
    wrong = f"Cannot use the state directory {state_dir}: {reason}."
    return CannotStart(wrong, ELSEWHERE)


def _closed_to(user: OsUser, closed: Path) -> CannotStart:
    who = f"User {user.name}"
    if user.differs:
        who += ", as which root must run PostgreSQL,"
    wrong = f"{who} may not enter {closed}; its permissions are left as they are."
    remedy = "Set HOURLINE_STATE to a new directory whose parents all users may enter "
    remedy += "(/srv/hourline, say), run Hourline as an ordinary user, or set "
    return CannotStart(wrong, remedy + "DATABASE_URL.")
