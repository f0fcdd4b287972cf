"""The processes of the Procfile under honcho, each tied to its parent; when one ends, all end.

Honcho alone lets its processes live on when it is killed, or when its terminal goes away while it says goodbye.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import sys
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer
from honcho.process import Popen, Process

from deploy.dev.folder import ROOT, die_with_parent


class Output:
    """Standard output that may go away."""

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stdout.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            sys.stdout.flush()


class Tied(Process):
    """A process of the Procfile that ends with the supervisor."""

    def run(self, *arguments: Any) -> None:
        die_with_parent(signal.SIGKILL)
        if self.name != "web":
            os.nice(5)  # pages before queues
        self._child_ctor = functools.partial(Popen, preexec_fn=lambda: die_with_parent(signal.SIGTERM))
        super().run(*arguments)


def main() -> int:
    """Run until a process ends, or a signal. Returns the code of what ended first."""
    manager = Manager(Printer(Output()))
    manager._process_ctor = Tied
    for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
        manager.add_process(name, command, env=dict(os.environ), cwd=str(ROOT))
    manager.loop()
    return int(manager.returncode or 0)


if __name__ == "__main__":
    sys.exit(main())
