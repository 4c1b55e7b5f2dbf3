"""What a terminal of 80 columns shows of a table, and what a file gets."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from clientela.analysis.registry import ANALYSES
from clientela.analysis.results import Answer, Column
from clientela.analysis.services.presenting import columns_of, outer_figures
from clientela.cli import answers, exits, output
from clientela.cli.fitting import fitted
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason

COLUMNS = ["customer", "name", "net_sales", "rank", "share"]
ROW = ["a" * 36, "Almacenes Hermanos del Norte y Asociados, S.A.", "1,234,567.89", "1", "0.1234"]


@pytest.fixture
def screen(monkeypatch):
    """A terminal of 80 columns; its text is what was printed on it."""
    text = io.StringIO()
    monkeypatch.setattr(output, "console", Console(file=text, width=80))
    return text


class TestTable:
    def test_fits_80_columns_and_cuts_no_figure(self, screen):
        hidden = output.as_rows(
            COLUMNS, [ROW] * 3, numbers=set(COLUMNS[2:]), whole={"customer"}, last={"customer"}
        )
        shown = screen.getvalue()
        assert hidden == ["customer"]
        assert max(map(len, shown.splitlines())) <= 80
        assert "1,234,567.89" in shown
        assert "Almacenes Hermanos" in shown

    def test_leaves_out_from_the_right_and_keeps_what_matters(self):
        wide = [f"c{n}" for n in range(12)]
        fit = fitted(wide, [["x" * 10] * 12], width=80, first=["c11"])
        assert [wide[n] for n in fit.places] == ["c0", "c1", "c2", "c3", "c4", "c11"]
        assert fit.total <= 80

    def test_in_a_file_is_whole(self):
        text = io.StringIO()
        assert output.as_rows(COLUMNS, [ROW], file=text) == []
        assert all(cell in text.getvalue() for cell in ROW)

    def test_takes_no_name_for_mark_up_and_lets_none_move_the_cursor(self, screen):
        output.as_rows(["name"], [["[red]Bar[/red]"], ["a\x1b[2Jb"]])
        assert "[red]Bar[/red]" in screen.getvalue()
        assert "\x1b" not in screen.getvalue()

    def test_is_as_wide_as_chinese_is(self, screen):
        output.as_rows(["name", "n"], [["上海品轩商贸有限公司" * 5, "1"]], numbers={"n"})
        assert all(len(line) <= 80 for line in screen.getvalue().splitlines())


class TestRowsOfCustomers:
    """What a terminal and a file say of an answer with a row for each customer."""

    @pytest.fixture
    def scored(self):
        columns = columns_of(outer_figures(ANALYSES["rfm"].figures))
        large = {
            "name": "Almacenes Hermanos del Norte y Asociados", "customer": "c" * 36,
            "source_keys": ["erp C-004711", "shop 12"], "segment": "not_to_be_lost",
            "r": 5, "f": 5, "m": 5,
        }  # fmt: skip
        row = {c.name: large.get(c.name, _large(c)) for c in columns}
        return Answer(
            analysis="rfm", as_of=date(2026, 6, 30), from_on=None, snapshot=1,
            parameters={}, population=POPULATION, currency="EUR", rows=[row],
            columns=[*columns, Column(name="is_complete", type="boolean")],
        )  # fmt: skip

    def test_leave_a_name_readable_and_a_key_that_leads_somewhere(self, scored, monkeypatch):
        text = io.StringIO()
        monkeypatch.setattr(output, "console", Console(file=text, width=80))
        monkeypatch.setattr(answers, "console", output.console)
        row = {**scored.rows[0], "is_complete": True}
        answers.write(replace(scored, rows=[row]), answers.Shape.TABLE, None)
        shown = text.getvalue()
        assert "Almacenes Hermanos del " in shown
        assert "erp C-004711 +1" in shown
        assert "not_to_be" in shown
        assert max(map(len, shown.splitlines())) <= 80

    def test_write_truth_as_json_does(self, scored, tmp_path):
        path = tmp_path / "rfm.csv"
        for truth, word in ((True, "true"), (False, "false"), (None, "")):
            row = {**scored.rows[0], "is_complete": truth}
            answers.write(replace(scored, rows=[row]), answers.Shape.CSV, path)
            (line,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
            assert line["is_complete"] == word
            assert line["source_keys"] == "erp C-004711; shop 12"


class TestPopulation:
    def test_is_said_in_figures_and_words(self, answer):
        said = answers.population(answer)
        assert said["amounts"] == "EUR 1,234.50"
        assert said["anonymous"] == "2 documents, EUR 3.00"
        assert "without settlement" not in said
        assert not any("{" in value for value in said.values())


class TestAnswer:
    def test_as_a_table_is_written_to_a_file(self, answer, tmp_path):
        answers.write(answer, answers.Shape.TABLE, tmp_path / "out.txt")
        text = (tmp_path / "out.txt").read_text(encoding="utf-8")
        assert "1,234,567.89" in text
        assert "EUR 1,234.50" in text

    def test_shows_the_columns_that_were_named_in_their_order(self, answer):
        assert list(answers.only(answer, ["rank", "name"]).rows[0]) == ["rank", "name"]


class TestEachAnalysis:
    """On a terminal of any width: whose row it is, then the figures that answer the question."""

    @pytest.mark.parametrize("width", [80, 120])
    @pytest.mark.parametrize("name", sorted(ANALYSES))
    def test_leads_with_the_figures_that_answer_it(self, name, width, monkeypatch):
        spec, text = ANALYSES[name], io.StringIO()
        monkeypatch.setattr(output, "console", Console(file=text, width=width))
        monkeypatch.setattr(answers, "console", output.console)
        columns = columns_of(outer_figures(spec.figures, {"by": "month"}))
        made = Answer(
            analysis=name, as_of=date(2026, 6, 30), from_on=None, snapshot=1,
            parameters=spec.settings({}), population=POPULATION, currency="EUR",
            columns=columns, rows=[{c.name: _large(c) for c in columns}] * 3,
        )  # fmt: skip
        answers.write(made, answers.Shape.TABLE, None)
        table = text.getvalue()
        head = next(line for line in table.splitlines() if "┃" in line)
        shown = [cell.strip() for cell in head.strip("┃").split("┃")]
        leads = [one.removesuffix("_minor") for one in spec.leads]
        assert [one for one in shown if one in leads] == leads
        whose = {"name", "source_keys", "key", "group", "cohort", "month_number", "currency"}
        assert all(one in whose for one in shown[: shown.index(leads[0])])
        assert max(map(len, table.splitlines())) <= width


POPULATION = {
    "scope": "everything", "customers": 3, "documents": 9,
    "amounts": [{"amount": "1.00", "currency": "EUR"}],
    "anonymous": {"documents": 0, "amount": "0.00", "currency": "EUR"},
    "without_settlement": {"documents": 0, "amount": "0.00", "currency": "EUR"},
}  # fmt: skip


def _large(column: Column) -> object:
    large = {"int64": 1_234_567, "float64": 12_345.6789, "decimal": "123456789.12"}
    if column.type == "array<string>":
        return ["erp 4711"]
    return large.get(column.type, "Almacenes Hermanos del Norte")


class TestExitCode:
    @pytest.mark.parametrize(
        ("refused", "code"),
        [
            (Invalid(Reason(code="source_name_invalid")), 2),
            (Invalid(Reason(code="empty_file")), 1),
            (NotInScope("customer"), 4),
            (NotPermitted(Reason(code="not_permitted")), 4),
        ],
    )
    def test_is_the_promised_one_and_a_sentence_goes_with_it(self, refused, code, capsys):
        assert exits.exit_code(refused) == code
        assert " " in exits.told(refused.reasons[0])


class TestDaysOfAFile:
    """A file of rows holds no day: it is said beside it, on standard error."""

    @pytest.fixture
    def said(self, answer, tmp_path, capsys):
        def write(shape, output="out", **more):
            answers.write(answer, shape, output and tmp_path / output, **more)
            return capsys.readouterr().err

        return write

    @pytest.mark.parametrize("shape", answers.Shape)
    def test_are_said_of_every_file(self, said, shape):
        days = "abc: period 2025-07-01 to 2026-06-30.\n"
        assert said(shape) == days
        assert said(shape, as_of=date(2026, 6, 30)) == days

    @pytest.mark.parametrize("shape", answers.Shape)
    def test_that_are_not_those_asked_for_are_said_with_the_reason(self, said, shape):
        text = said(shape, as_of=date(2026, 7, 25))
        assert "2025-07-01 to 2026-06-30. Not until 2026-07-25: groups are told over whole" in text

    def test_are_said_of_rows_that_go_into_a_pipe(self, said):
        assert "to 2026-06-30" in said(answers.Shape.CSV, None)
        assert said(answers.Shape.TABLE, None) == ""
        assert said(answers.Shape.TABLE, None, as_of=date(2026, 7, 1)).startswith("abc: period")
