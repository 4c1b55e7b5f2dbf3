"""Amounts and days in filters, as people of each language type them."""

import pytest
from django.utils import translation

from clientela.web.typed import NotReadable, amount_text, day_text
from tests.web.world import World

HTMX = {"HX-Request": "true", "HX-Target": "rows"}


class TestAmount:
    @pytest.mark.parametrize(
        ("language", "typed", "read"),
        [
            ("es", "1.234,50", "1234.50"),
            ("es", "1234,5", "1234.5"),
            ("es", "1.234", "1234"),
            ("es", "1,234", "1.234"),
            ("es", "12.5", "12.5"),
            ("en", "1,234.50", "1234.50"),
            ("en", "1,234", "1234"),
            ("en", "1.234", "1.234"),
            ("en", "12,5", "12.5"),
            ("en", "1.234.567", "1234567"),
            ("en", "1 234 567,89", "1234567.89"),
            ("zh-hans", "１２３４．５０", "1234.50"),
            ("zh-hans", "１，２３４", "1234"),
            ("zh-hans", "－５", "-5"),
            ("es", "−5", "-5"),
        ],
    )
    def test_is_read_as_it_is_written_in_the_language(self, language, typed, read):
        with translation.override(language):
            assert amount_text(typed) == read

    @pytest.mark.parametrize("typed", ["", "x", "1,2.3,4", "1.23.456", "1e5", "NaN", "5 EUR", "."])
    def test_is_refused_where_it_is_none(self, typed):
        with pytest.raises(NotReadable):
            amount_text(typed)


class TestDay:
    def test_is_read_with_full_width_digits(self):
        assert day_text("２０２６－０５－３１") == "2026-05-31"

    @pytest.mark.parametrize("typed", ["2026-02-30", "tomorrow", "31/05/2026"])
    def test_is_refused_where_it_is_none(self, typed):
        with pytest.raises(NotReadable):
            day_text(typed)


class TestFiltersOfInvoices:
    def test_take_the_decimal_comma(self, world: World) -> None:
        client = world.client("sales")
        client.post("/preferences", {"language": "es", "next": "/"})
        assert "N-own" in client.get("/invoices/?least=1.234,50").content.decode()
        assert "N-own" not in client.get("/invoices/?least=1.234,51").content.decode()

    def test_say_what_is_wrong_beside_the_field_and_keep_what_was_typed(self, world: World) -> None:
        answer = world.client("sales").get("/invoices/?least=many&issued_from=2026-02-30&number=N")
        text = answer.content.decode()
        assert answer.status_code == 422
        assert 'name="least" value="many"' in text
        assert 'type="text" id="f-from" name="issued_from" value="2026-02-30"' in text
        assert 'name="number" value="N"' in text
        assert text.count('aria-invalid="true"') == 2
        assert "This is not an amount." in text
        assert "This is not a date." in text

    def test_say_so_within_the_page_and_take_it_back(self, world: World) -> None:
        client = world.client("sales")
        wrong = client.get("/invoices/?least=many", headers=HTMX)
        assert wrong.status_code == 422
        assert wrong["X-Beside-Fields"]
        said = '<p class="wrong" id="e-least" role="alert" data-wrong hx-swap-oob="true">'
        assert f"{said}This is not an amount." in wrong.content.decode()
        assert "N-own" not in wrong.content.decode()
        right = client.get("/invoices/?least=5", headers=HTMX).content.decode()
        assert f"{said}</p>" in right
        assert "N-own" in right

    def test_refuse_what_is_no_matter_of_typing_as_before(self, world: World) -> None:
        for query in ("kind=odd", "nothing=1", "cursor=forged"):
            answer = world.client("sales").get(f"/invoices/?{query}")
            assert answer.status_code == 422, query
            assert b'class="filters"' not in answer.content, query
