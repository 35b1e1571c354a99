"""One supervised process: started with its own session and log, restarted with growing pauses, stopped with everything it started."""

import ctypes
import logging
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

LOG = logging.getLogger("citydeck")
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
SETTLED_S = 5.0
"""A process that lived this long starts again after the first pause; one that dies sooner waits twice as long each time."""
LOG_LIMIT = 20_000_000
PR_SET_PDEATHSIG = 1
HELD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """What to run, and the process that runs it now. Times are seconds of the monotonic clock."""

    name: str
    command: Sequence[str]
    log: Path
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path | None = None
    user: pwd.struct_passwd | None = None
    stop_signal: int = signal.SIGTERM
    last_resort: int = signal.SIGKILL
    before: Callable[[], None] = lambda: None
    """Runs before each start, for instance to clear what a killed process left."""
    process: subprocess.Popen[bytes] | None = None
    early_deaths: int = 0
    """How often in a row it died before it had settled."""
    _started: float = 0.0
    _pause: float = 0.0
    _again_at: float | None = None

    @property
    def pid(self) -> int | None:
        """The process id, None while it is down."""
        return self.process.pid if self.process else None

    def start(self) -> None:
        """Start the process; errors of the system (no such program, ...) are raised."""
        self.before()
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        as_user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        with open(self.log, "ab") as output, _signals_held():
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(self.environ),
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=self._die_with_parent if _LIBC else None,
                **as_user,  # type: ignore[call-overload]
            )
        self._started, self._again_at = time.monotonic(), None

    def watch(self) -> bool:
        """Restart the process when it has died and its pause is over. True when its pid has changed."""
        if self.process is not None:
            if self.process.poll() is None:
                return False
            self._plan_restart(self.process)
            return True
        if self._again_at is None or time.monotonic() < self._again_at:
            return False
        try:
            self.start()
        except OSError as error:
            LOG.error("%s can't be started: %s", self.name, error)
            self._pause = min(LONGEST_PAUSE_S, self._pause * 2)
            self._again_at = time.monotonic() + self._pause
        return True

    def ask_to_stop(self) -> None:
        """Send the stop signal; a pending restart is forgotten."""
        self._again_at = None
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait_stopped(self, until: float) -> None:
        """Wait for the end, at most to the monotonic time `until`; then end it, and whatever is left of its process group, by force."""
        if self.process is None:
            return
        for sign in (self.last_resort, signal.SIGKILL):
            try:
                self.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.process.send_signal(sign)
                until = max(until, time.monotonic()) + 1
        self.process.wait()
        _end_group(self.process.pid)
        self.process = None

    def last_line(self) -> str:
        """The last line of its log, for the one who has to find out why it died."""
        with open(self.log, "rb") as stream:
            stream.seek(max(0, self.log.stat().st_size - 4096))
            lines = stream.read().decode(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else "it said nothing"

    def _plan_restart(self, process: subprocess.Popen[bytes]) -> None:
        _end_group(process.pid)
        settled = time.monotonic() - self._started >= SETTLED_S
        self._pause = FIRST_PAUSE_S if settled or not self._pause else min(LONGEST_PAUSE_S, self._pause * 2)
        self.early_deaths = 0 if settled else self.early_deaths + 1
        self._again_at = time.monotonic() + self._pause
        self.process = None
        end = f"signal {-process.returncode}" if process.returncode < 0 else f"exit {process.returncode}"
        LOG.warning(
            "%s died (%s, pid %d), starting again in %.1f s; its last line: %s", self.name, end, process.pid, self._pause, self.last_line()
        )

    def _die_with_parent(self) -> None:
        """Runs in the child: if this program is killed, the system stops the child (Linux)."""
        assert _LIBC is not None
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
        _LIBC.prctl(PR_SET_PDEATHSIG, self.stop_signal)


@contextmanager
def _signals_held() -> Iterator[None]:
    """A signal waits until the block is over. Python runs hooks when it forks (logging has one), and what a signal's handler raises in
    them is printed and forgotten: a SIGTERM that came in just then stopped nothing."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop_all(children: Sequence[Child], within_s: float) -> None:
    """Stop these children together, by force after `within_s` seconds."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + within_s
    for child in children:
        child.wait_stopped(until)


def stop_leftovers(is_left_over: Callable[[Sequence[str]], bool], within_s: float = 3.0) -> list[int]:
    """End the processes whose command line `is_left_over` recognises; this process is never one. Returns their pids."""
    found = [process for process in psutil.process_iter() if process.pid != os.getpid() and is_left_over(_command_line(process))]
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for process in found:
            if not _has_ended(process):
                _signal(process, sign)
        until = time.monotonic() + within_s
        while time.monotonic() < until and not all(_has_ended(process) for process in found):
            time.sleep(0.02)
    return [process.pid for process in found]


def _has_ended(process: psutil.Process) -> bool:
    """A zombie has ended too: nobody may ever collect it when its parent was killed."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _signal(process: psutil.Process, sign: int) -> None:
    try:
        process.send_signal(sign)
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied:
        LOG.warning("process %d is a leftover of this data directory, but belongs to another user and can't be stopped", process.pid)


def _end_group(pid: int) -> None:
    """End what is left of the process group that `pid` led."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
