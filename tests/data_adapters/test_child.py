"""One supervised process."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import os, signal, sys
from pathlib import Path
from data_adapters.engines.child import Child, stop_all

def interrupt(*_):
    raise KeyboardInterrupt

signal.signal(signal.SIGTERM, interrupt)
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))
child = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], Path(sys.argv[1]))
try:
    child.start()
    print("never heard")
except KeyboardInterrupt:
    print("interrupted", child.pid is not None)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
process = child.process
child.ask_to_stop()
print("ended by", -process.wait(5))
"""


def test_a_stop_signal_that_comes_while_a_process_is_started_is_heard_and_the_process_can_be_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "log")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout.splitlines(), done.stderr) == (["interrupted True", "ended by 15"], "")
