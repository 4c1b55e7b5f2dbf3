"""The process that works questions out ahead: asked on its input, answered on its output.

    python -m clientela.analysis.ahead_child NICENESS   < JSON lines   > answers (see `ahead`)

The first line has the keys of what is held already, each other one a question.

It gives way to others on the machine by the niceness that it is told (`warming.LEAST_URGENT`: to
everything), takes one core, and ends with who asked it.
"""

import contextlib
import json
import os
import sys
from typing import IO


def main() -> None:
    """Answer every question that may be answered, in order."""
    os.nice(int(sys.argv[1]))  # before anything that takes time
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

    held, *told = [json.loads(line) for line in sys.stdin]
    wishes = [Wish.read(one) for one in told]
    for key, answer in ahead.answers(wishes, timezone.now, held):
        ahead.write(out, key, answer)


if __name__ == "__main__":
    main()
