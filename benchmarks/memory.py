"""How much memory a measurement took."""

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Return the most memory that this process held, in megabytes.

    Linux counts the memory of the parent into `ru_maxrss` of a process it starts; the high water
    mark of the process's own memory begins anew with its program.
    """
    if STATUS.exists():
        return int(STATUS.read_text().split("VmHWM:")[1].split()[0]) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
