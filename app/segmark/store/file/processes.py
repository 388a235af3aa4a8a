"""Whether a process of this computer still runs, and since when."""

import os
import sys
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def process_runs(process: int) -> bool:
    """Whether a process with this number runs on this computer."""
    if sys.platform == "win32":
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there on Windows only
    asked = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
    handle = kernel.OpenProcess(asked, False, process)
    if handle:
        kernel.CloseHandle(handle)
    return bool(handle)


def process_began(process: int) -> str:
    """The boot and the time in it at which a process started, from Linux's proc(5)."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2]
        return f"{_BOOT.read_text('utf-8').strip()} {after_name.split()[19]}"
    except (OSError, IndexError):
        return ""
