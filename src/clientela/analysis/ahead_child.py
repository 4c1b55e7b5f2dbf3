"""The process that works questions out ahead: asked on its input, answered on its output.

    python -m clientela.analysis.ahead_child   < JSON lines of questions   > answers (see `ahead`)

It gives way to everything else on the machine, takes one core, and ends with who asked it.
"""

import contextlib
import json
import os
import sys
from typing import IO

LEAST_URGENT = 19


def main() -> None:
    """Answer every question that may be answered, in order."""
    os.nice(LEAST_URGENT)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints shall not be an answer
    import django

    django.setup()
    with contextlib.suppress(BrokenPipeError):
        _answer_all(out)


def _answer_all(out: IO[bytes]) -> None:
    from django.utils import timezone

    from clientela.analysis.services import ahead
    from clientela.analysis.services.lately import Wish

    wishes = [Wish.read(json.loads(line)) for line in sys.stdin]
    for key, held in ahead.answers(wishes, timezone.now):
        ahead.write(out, key, held)


if __name__ == "__main__":
    main()
