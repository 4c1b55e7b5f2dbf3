"""The number of columns is the header's: a row that is wider or narrower, however far below what
was looked at, is set aside, and no cell of it is lost silently."""

from openpyxl import Workbook

from tests.intake.importing import Imported, import_file

HEADER = "Product Code,Product Name"
LATE = 200_000


def products(tmp_path, *, answers=None, header=HEADER) -> Imported:
    """Import a text whose rows number 200,000 to 200,002 are wider, padded and narrower."""
    lines = [header] if header else []
    lines += [f"P-{n},Tea {n}" for n in range(1, LATE)]
    lines += ["P-w,Wide,more", "P-p,Padded,,", "P-n"]
    path = tmp_path / "products.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return import_file(path, kind="products", answers=answers)


class TestRow:
    def test_far_below_that_is_wider_or_narrower_is_set_aside_whole(self, tmp_path):
        found = products(tmp_path)
        assert (found.totals.read, found.totals.accepted) == (LATE + 2, LATE)
        wide, narrow = found.aside
        assert (wide.row_no, wide.code, wide.raw) == (LATE, "too_many_cells", b"P-w,Wide,more")
        assert (narrow.row_no, narrow.code, narrow.raw) == (LATE + 2, "too_few_cells", b"P-n")

    def test_of_a_workbook_is_set_aside_too(self, tmp_path):
        book = Workbook(write_only=True)
        sheet = book.create_sheet("rows")
        sheet.append(HEADER.split(","))
        for n in range(1, 6_000):
            sheet.append([f"P-{n}", f"Tea {n}"])
        sheet.append(["P-w", "Wide", None, "more"])
        book.save(tmp_path / "products.xlsx")
        found = import_file(tmp_path / "products.xlsx", kind="products")
        assert (found.totals.read, found.totals.accepted) == (6_000, 5_999)
        assert [(row.row_no, row.code) for row in found.aside] == [(6_000, "too_many_cells")]
        assert b"more" in found.aside[0].raw
