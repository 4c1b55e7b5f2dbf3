"""`help` and a notebook tell what an analysis takes and gives, and it is so."""

import inspect
import pydoc
import re

import pytest

from clientela.analysis import abc
from clientela.analysis.expressions.spec import BadQuestion
from clientela.analysis.registry import ANALYSES, QUESTIONS
from tests.library.trade import company

AS_OF = "2026-06-30"
ROWS = company(5)
SECTIONS = ["Parameters", "Returns", "Raises", "Notes", "Examples"]


def sections(doc):
    """Return the parts of a docstring by the line that is underlined above each."""
    parts = re.split(r"^(\w+)\n-+\n", doc, flags=re.MULTILINE)
    return parts[0].strip(), dict(zip(parts[1::2], parts[2::2], strict=True))


def entry(part, name):
    """Return an entry of a section: what is indented under its head, and the head."""
    return re.search(rf"^{re.escape(name)}( :[^\n]*)?\n((    .*)?\n)+", part, re.MULTILINE)[0]


@pytest.mark.parametrize("name", ANALYSES)
class TestEveryAnalysis:
    def test_has_an_honest_signature(self, name):
        analysis, signature = ANALYSES[name], inspect.signature(QUESTIONS[name])
        tables = [c.name for c in analysis.reads]
        days = ["as_of"] if analysis.is_balance else ["as_of", "from_on"]
        assert list(signature.parameters) == [
            *tables,
            *days,
            *(p.name for p in analysis.parameters),
        ]
        for contract in analysis.reads:
            one = signature.parameters[contract.name]
            assert one.kind is one.POSITIONAL_OR_KEYWORD
            assert one.default is (None if contract in analysis.optional else one.empty)
        for one in analysis.parameters:
            assert signature.parameters[one.name].kind is inspect.Parameter.KEYWORD_ONLY
            assert signature.parameters[one.name].default == one.default
        assert signature.parameters["as_of"].default is inspect.Parameter.empty

    def test_answers_alike_by_place_and_by_name_and_with_its_defaults(self, name):
        analysis, question = ANALYSES[name], QUESTIONS[name]
        tables = {c.name: ROWS[c.name] for c in analysis.reads}
        defaults = {p.name: p.default for p in analysis.parameters}
        by_place = question(*tables.values(), as_of=AS_OF).to_pyarrow()
        assert question(**tables, as_of=AS_OF, **defaults).to_pyarrow() == by_place
        bound = inspect.signature(question).bind(**tables, as_of=AS_OF)
        bound.apply_defaults()
        assert question(*bound.args, **bound.kwargs).to_pyarrow() == by_place
        assert by_place.column_names == [f.name for f in analysis.figures]

    def test_takes_none_for_a_table_that_it_can_do_without(self, name):
        analysis, question = ANALYSES[name], QUESTIONS[name]
        left_out = [c.name for c in analysis.optional if c.name != "purchases"]
        tables = {c.name: ROWS[c.name] for c in analysis.reads if c.name not in left_out}
        given = question(**tables, **dict.fromkeys(left_out), as_of=AS_OF)
        assert given.to_pyarrow() == question(**tables, as_of=AS_OF).to_pyarrow()

    def test_says_every_part(self, name):
        analysis = ANALYSES[name]
        question, parts = sections(QUESTIONS[name].__doc__)
        assert question == analysis.question
        assert list(parts) == SECTIONS
        assert all(part.strip() for part in parts.values())
        text = " ".join(parts["Notes"].split())
        assert f"Formula: {' '.join(analysis.formula.split())}." in text
        assert f"Source: {analysis.expression.__module__};" in text
        assert "ContractBroken" in parts["Raises"]
        assert "BadQuestion" in parts["Raises"]

    def test_says_every_table_with_the_columns_that_are_read(self, name):
        analysis = ANALYSES[name]
        part = sections(QUESTIONS[name].__doc__)[1]["Parameters"]
        for contract, columns in analysis.reads.items():
            own = entry(part, contract.name)
            assert (", optional" in own.partition("\n")[0]) == (contract in analysis.optional)
            text = " ".join(own.split())
            for column in columns:
                one = contract.columns[column]
                kind = one.type if one.required else f"{one.type} or null"
                assert f" {column} {kind} {one.meaning}" in text
                assert all(word in text for word in one.values)

    def test_says_every_parameter_with_default_and_choices(self, name):
        part = sections(QUESTIONS[name].__doc__)[1]["Parameters"]
        names = [p.name for p in inspect.signature(QUESTIONS[name]).parameters.values()]
        assert re.findall(r"^(\w+) :", part, re.MULTILINE) == names
        for one in ANALYSES[name].parameters:
            own = " ".join(entry(part, one.name).split())
            assert f"default {one.default!r} {one.meaning}" in own
            assert all(repr(choice) in own for choice in one.choices)
            assert one.least is None or f"From {one.least} to {one.most}." in own

    def test_says_every_column_of_the_answer_with_its_unit(self, name):
        text = " ".join(sections(QUESTIONS[name].__doc__)[1]["Returns"].split())
        for one in ANALYSES[name].figures:
            assert f" {one.name} {one.type} {one.meaning}" in text
            said = text.partition(f" {one.name} {one.type} {one.meaning}")[2]
            assert said.startswith(" Unit: ") == (one.unit is not None)

    def test_is_told_of_by_help(self, name):
        shown = pydoc.plain(pydoc.render_doc(QUESTIONS[name]))
        first = next(c.name for c in ANALYSES[name].reads)
        assert f"\n{name}({first}" in shown
        assert "*tables" not in shown
        assert str(inspect.signature(QUESTIONS[name].population)) in pydoc.plain(
            pydoc.render_doc(QUESTIONS[name].population)
        )

    def test_fits_a_screen(self, name):
        assert [line for line in QUESTIONS[name].__doc__.splitlines() if len(line) > 110] == []


def test_sales_says_what_each_choice_needs():
    part = sections(QUESTIONS["sales"].__doc__)[1]["Parameters"]
    for choice, tables in ANALYSES["sales"].needs.items():
        for contract in tables:
            own = " ".join(entry(part, contract.name).split())
            assert repr(choice) in own.partition("Needed with by =")[2]
    with pytest.raises(BadQuestion, match="need the tables"):
        QUESTIONS["sales"](purchases=ROWS["purchases"], as_of=AS_OF, by="product")


def test_a_call_without_a_day_names_the_analysis():
    with pytest.raises(TypeError, match=r"abc\(\) missing .* 'as_of'"):
        abc(ROWS["purchases"])
