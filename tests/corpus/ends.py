"""Files that were cut off in their last line, and files whose last line is as it should be."""

from collections.abc import Iterator

from tests.corpus.case import HEADER, ROWS, Case, text

SOUND = text(ROWS)
QUOTED = text([*ROWS[:3], ("1003", "P-3", 'Tea, "cup"', *ROWS[3][3:])])
OVER_LINES = text([(*ROWS[0][:2], "Tea\ncup", *ROWS[0][3:])])
NAME_LAST = (*HEADER[:2], *HEADER[3:], HEADER[2])
LAST_OVER_LINES = text([(*ROWS[0][:2], *ROWS[0][3:], "Tea\ncup")], header=NAME_LAST)
LONG = text([("x" * 9000, *row) for row in ROWS], header=("Note", *HEADER))
IGNORED = {"column:Note": "ignore"}


def cases() -> Iterator[Case]:
    """Yield files cut within the last row: the row is set aside and it is said; and whole ones."""
    few = {"too_few_cells": 1}
    cut = {
        "row": (SOUND[:-20], few),
        "row-first-cell": (SOUND.rpartition("\n1003")[0] + "\n10", few),
        "row-mac": (SOUND[:-20].replace("\n", "\r"), few),
        "row-windows": (SOUND[:-20].replace("\n", "\r\n"), few),
        "row-long": (LONG[:-20], few),
        "row-quoted": (QUOTED[:-20], few),
        "in-quotes": (QUOTED[: QUOTED.index("cup")], {"quote_not_closed": 1}),
    }
    for name, (content, aside) in cut.items():
        yield Case(
            id=f"S27-cut-{name}", content=content.encode(), accepted=3, set_aside=aside,
            noted="file_may_be_cut", answers=IGNORED,
        )  # fmt: skip
    yield Case(
        id="S27-cut-utf-16", content=SOUND[:-20].encode("utf-16"), accepted=3, set_aside=few,
        noted="file_may_be_cut",
    )  # fmt: skip
    whole = {
        "with-an-end": (SOUND[:-20] + "\n", 3, few),
        "in-quotes-with-an-end": (SOUND.replace("Tea cup", '"Tea'), 3, {"quote_not_closed": 1}),
        "without-an-end": (SOUND[:-1], 4, {}),
        "long": (LONG[:-1], 4, {}),
        "cell-over-lines": (OVER_LINES[:-1], 1, {}),
        "last-cell-over-lines": (LAST_OVER_LINES[:-1], 1, {}),
        "blank": (SOUND + "  ", 4, {}),
        "total": (SOUND + "Total,,,16", 4, few),
    }
    for name, (content, accepted, aside) in whole.items():
        yield Case(
            id=f"S27-not-cut-{name}", content=content.encode(), accepted=accepted,
            set_aside=aside, answers=IGNORED, not_noted="file_may_be_cut",
        )  # fmt: skip
    skipped = "# made by hand\n" + SOUND + "# the end"
    yield Case(
        id="S27-not-cut-comment", content=skipped.encode(), answers={"comments": "skip"},
        accepted=4, not_noted="file_may_be_cut",
    )  # fmt: skip
