"""Bad cells: one cell of a sound file is replaced; the row, and no other, must be set aside,
flagged or read as stated, wherever in the file it stands and in text and workbook alike."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from tests.corpus.case import CUSTOMER_HEADER, Case, text, with_cell, with_customer
from tests.corpus.workbook import sheet

PLACES = {"first": 0, "middle": 2, "last": 4}
CUSTOMER_PLACES = {"first": 0, "last": 3}

# id, column, cell, code of the reason
REJECTED = (
    ("C01-nul", "Description", "a\0b", "nul_character"),
    ("C02-control", "Description", "a\x07b", "control_character"),
    ("C03-ansi", "Description", "\x1b[31mred\x1b[0m", "control_character"),
    ("C05-rtl-override", "Description", "abc\u202etxt.exe", "direction_override"),
    ("C08-arabic-digits", "Quantity", "١٢", "not_a_number"),
    ("C08-devanagari-digits", "Unit Price", "१२", "not_a_number"),
    ("C15-hangul-filler", "Description", "\u3164\u3164", "blank_looking_character"),
    (
        "C19-pile-of-marks",
        "Description",
        "Z" + "\u0335\u0336\u0337\u0338\u0339\u033a",
        "too_many_marks",
    ),
    ("X30-escaped", "Description", "a_x0000_b", "escaped_character"),
    ("D03-no-such-day", "Invoice Date", "2026-02-30", "no_such_day"),
    ("D03-no-such-day-april", "Invoice Date", "2026-04-31", "no_such_day"),
    ("D04-no-leap-year", "Invoice Date", "2025-02-29", "no_such_day"),
    ("D04-no-leap-century", "Invoice Date", "1900-02-29", "no_such_day"),
    ("D07-roc-era", "Invoice Date", "民国115年3月4日", "era_calendar"),
    ("D07-reiwa-era", "Invoice Date", "令和8年3月4日", "era_calendar"),
    ("D08-lunar", "Invoice Date", "正月初五", "lunar_calendar"),
    ("D10-unix-seconds", "Invoice Date", "1772582400", "unix_time"),
    ("D10-unix-milliseconds", "Invoice Date", "1772582400000", "unix_time"),
    ("D11-zero-date", "Invoice Date", "0000-00-00", "no_such_day"),
    ("D11-zero-day", "Invoice Date", "1900-01-00", "no_such_day"),
    ("D11-open-end", "Invoice Date", "9999-12-31", "required"),
    ("D15-hour-24", "Invoice Date", "2026-03-04 24:00", "no_such_time"),
    ("D15-minute-60", "Invoice Date", "2026-03-04 12:60", "no_such_time"),
    ("D15-leap-second", "Invoice Date", "2026-03-04 23:59:60", "no_such_time"),
    ("D18-word-for-date", "Invoice Date", "soon", "not_a_date"),
    ("D18-number-for-date", "Invoice Date", "12.5", "not_a_date"),
    ("D18-date-for-number", "Quantity", "2026-03-04", "not_a_number"),
    ("D13-year-1066", "Invoice Date", "1066-10-14", "year_out_of_range"),
    ("M06-nan", "Unit Price", "NaN", "not_finite"),
    ("M06-infinity", "Unit Price", "Infinity", "not_finite"),
    ("M06-minus-inf", "Quantity", "-inf", "not_finite"),
    ("M07-underscore", "Quantity", "1_000", "not_a_number"),
    ("M08-huge-exponent", "Unit Price", "1e9999", "exponent_not_allowed"),
    ("M08-exponent", "Quantity", "1E5", "exponent_not_allowed"),
    ("M09-hexadecimal", "Quantity", "0x10", "not_a_number"),
    ("M09-fraction", "Quantity", "1/3", "not_a_number"),
    ("M10-39-digits", "Quantity", "9" * 39, "too_many_digits"),
    ("M10-many-decimals", "Unit Price", "1.12345678", "too_many_decimals"),
    ("M10-quantity-decimals", "Quantity", "1.2345", "too_many_decimals"),
    ("M03-other-currency", "Unit Price", "£5.00", "currency_conflict"),
    ("M02-grouping-wrong", "Unit Price", "1,23,4.00", "grouping_wrong"),
    ("M12-empty-quantity", "Quantity", "", "required"),
    ("M12-blank-date", "Invoice Date", "   ", "required"),
    ("K12-empty-number", "Invoice No", "", "required"),
    ("K15-long-key", "Customer ID", "k" * 121, "too_long"),
    ("C15-long-text", "Description", "x" * 501, "too_long"),
    ("S05-unknown-country", "Country", "Atlantis", "country_unknown"),
)

# id, column, cell, field, value read
READ = (
    ("C04-zero-width", "Description", "Te\u200ba", "product_name", "Tea"),
    ("C06-spaces", "Description", "\u00a0Tea\u3000cup ", "product_name", "Tea cup"),
    ("C07-full-width", "Quantity", "１２", "quantity", Decimal(12)),
    ("C07-full-width-letters", "Product Code", "ＡＢ１", "product_code", "AB1"),
    ("C09-composed", "Description", "Cafe\u0301", "product_name", "Café"),
    ("C14-line-separator", "Description", "a\u2028b", "product_name", "a b"),
    ("C12-full-width-brackets", "Description", "茶（绿）", "product_name", "茶（绿）"),
    (
        "C16-markup",
        "Description",
        "<script>alert(1)</script>",
        "product_name",
        "<script>alert(1)</script>",
    ),
    ("C17-sql", "Description", "'; DROP TABLE x;--", "product_name", "'; DROP TABLE x;--"),
    (
        "C17-template",
        "Description",
        "{{7*7}}${jndi:ldap://x}",
        "product_name",
        "{{7*7}}${jndi:ldap://x}",
    ),
    ("C18-path", "Description", "../../etc/passwd", "product_name", "../../etc/passwd"),
    ("C20-middle-dot", "Description", "阿卜杜·热合曼", "product_name", "阿卜杜·热合曼"),
    ("E20-emoji", "Description", "Tea 🍵", "product_name", "Tea 🍵"),
    ("E04-four-bytes", "Description", "𠮷野家䶮", "product_name", "𠮷野家䶮"),
    ("E23-traditional", "Description", "臺灣茶業", "product_name", "臺灣茶業"),
    ("F01-formula", "Description", "=1+1", "product_name", "=1+1"),
    ("F02-plus", "Description", "+86138", "product_name", "+86138"),
    ("F03-minus", "Description", "-5", "product_name", "-5"),
    ("F04-at", "Description", "@SUM(A1)", "product_name", "@SUM(A1)"),
    ("F06-full-width-formula", "Description", "＝1+1", "product_name", "＝1+1"),
    (
        "F07-hyperlink",
        "Description",
        '=HYPERLINK("http://x","y")',
        "product_name",
        '=HYPERLINK("http://x","y")',
    ),
    ("F09-dde", "Description", "=cmd|'/c calc'!A0", "product_name", "=cmd|'/c calc'!A0"),
    ("D05-chinese-date", "Invoice Date", "2026年3月4日", "issued_on", date(2026, 3, 4)),
    ("D05-compact-date", "Invoice Date", "20260304", "issued_on", date(2026, 3, 4)),
    ("D05-slashes", "Invoice Date", "2026/3/4", "issued_on", date(2026, 3, 4)),
    ("D09-zone", "Invoice Date", "2026-03-04T23:30:00+08:00", "issued_on", date(2026, 3, 4)),
    ("D09-utc", "Invoice Date", "2026-03-04T23:30:00Z", "issued_on", date(2026, 3, 4)),
    ("D16-full-width-date", "Invoice Date", "２０２６-０３-０４", "issued_on", date(2026, 3, 4)),
    ("D17-english-month", "Invoice Date", "4 March 2026", "issued_on", date(2026, 3, 4)),
    ("D17-american-month", "Invoice Date", "Mar 4, 2026", "issued_on", date(2026, 3, 4)),
    ("D17-spanish-month", "Invoice Date", "4 de marzo de 2026", "issued_on", date(2026, 3, 4)),
    ("M03-euro", "Unit Price", "€5.00", "unit_price", Decimal("5.00")),
    ("M03-euro-behind", "Unit Price", "5.00 EUR", "unit_price", Decimal("5.00")),
    ("M05-brackets", "Quantity", "(3)", "quantity", Decimal(-3)),
    ("M05-trailing-minus", "Quantity", "3-", "quantity", Decimal(-3)),
    ("M05-minus-sign", "Quantity", "−3", "quantity", Decimal(-3)),
    ("M05-full-width-minus", "Quantity", "－3", "quantity", Decimal(-3)),
    ("M11-minus-zero", "Quantity", "-0", "quantity", Decimal(0)),
    (
        "K15-uuid",
        "Customer ID",
        "0b9f4f2e-5d7c-4a55-9d2e-2f3f4f5f6f70",
        "customer_key",
        "0b9f4f2e-5d7c-4a55-9d2e-2f3f4f5f6f70",
    ),
    ("M03-country-alpha-3", "Country", "GBR", "country", "GB"),
    ("M03-country-chinese", "Country", "英国", "country", "GB"),
    ("M03-country-spanish", "Country", "Reino Unido", "country", "GB"),
    ("M03-country-eire", "Country", "EIRE", "country", "IE"),
)

# id, column, cell, code of the flag
FLAGGED = (
    ("C04-zero-width", "Description", "Te\u200ba", "zero_width_removed"),
    ("C04-joiner-in-a-key", "Customer ID", "A-\u200d1", "zero_width_removed"),
    ("C06-ideographic-space", "Description", "Tea\u3000cup", "spaces_unified"),
    ("C06-no-break-space", "Customer ID", "A\u00a01", "spaces_unified"),
    ("C07-full-width-letters", "Product Code", "ＡＢ１", "full_width_converted"),
    ("C07-full-width-digits", "Quantity", "１２", "full_width_converted"),
    ("C07-full-width-country", "Country", "Ｓｐａｉｎ", "full_width_converted"),
    ("D16-full-width-date", "Invoice Date", "２０２６-０３-０４", "full_width_converted"),
    ("C09-apart", "Description", "Cafe\u0301", "characters_composed"),
    ("C14-line-separator", "Description", "a\u2028b", "spaces_unified"),
    ("D13-before-1949", "Invoice Date", "1948-12-31", "date_before_1949"),
    ("E12-mojibake", "Description", "å®¢æ\x88·".replace("\x88", "¡"), "mojibake_suspected"),
    ("E12-replacement", "Description", "caf\ufffd", "mojibake_suspected"),
    ("E12-kuntakao", "Description", "锟斤拷", "mojibake_suspected"),
    ("E24-lost-bytes", "Description", "確??信息", "mojibake_suspected"),
    ("E20-private-use", "Description", "Tea \ue000", "private_use_character"),
    ("D12-future", "Invoice Date", "2027-01-01", "date_in_future"),
    ("M11-zero-price", "Unit Price", "0.00", "price_zero"),
    ("M05-negative-price", "Unit Price", "-2.50", "price_negative"),
    ("M05-negative-quantity", "Quantity", "-3", "negative_quantity"),
    ("M05-brackets-said", "Quantity", "(2)", "negative_written_otherwise"),
    ("M05-minus-behind-said", "Quantity", "2-", "negative_written_otherwise"),
    ("M05-minus-sign-said", "Quantity", "−2", "negative_written_otherwise"),
    ("M05-wide-minus-said", "Quantity", "－2", "negative_written_otherwise"),
    ("M05-brackets-price", "Unit Price", "€(2.50)", "negative_written_otherwise"),
    ("K13-no-customer", "Customer ID", "", "anonymous_sale"),
    ("K13-unknown-country", "Country", "Unspecified", "country_not_said"),
    ("K13-several-countries", "Country", "Channel Islands", "country_is_several"),
)

# id, column, cell, code of the reason, for customers
CUSTOMERS = (
    ("K01-credit-code", "Tax Number", "91110000802100433C", "register_number_invalid"),
    ("K01-nif", "Tax Number", "B58818502", "register_number_invalid"),
    ("K16-kind", "Customer Type", "dragon", "not_a_choice"),
    ("D12-born-nowhere", "Birth Date", "1980-02-30", "no_such_day"),
    ("K12-no-name", "Name", "", "required"),
    ("K12-no-key", "Customer ID", " ", "required"),
)  # fmt: skip

# id, column, cell, code of the flag: the customer comes in without it
LEFT_OUT = (
    ("K05-not-a-phone", "Phone", "12345", "phone_invalid"),
    ("K05-eleven-digits-not-1xx", "Phone", "+86 23812345678", "phone_invalid"),
    ("K05-word-phone", "Phone", "none yet", "phone_invalid"),
    ("K20-email-space", "Email", "a b@mail.es", "email_invalid"),
    ("K20-email-two-ats", "Email", "a@b@mail.es", "email_invalid"),
    ("K20-email-no-domain", "Email", "ana@mail", "email_invalid"),
    ("K20-country-nowhere", "Country", "Atlantis", "country_unknown"),
)


def cases() -> Iterator[Case]:
    """Yield every cell case in text, at each place, and in a workbook."""
    for id_, column, value, code in REJECTED:
        for place, row in PLACES.items():
            rows = with_cell(column, value, row=row)
            yield Case(
                id=f"{id_}-csv-{place}",
                content=text(rows).encode(),
                accepted=4,
                set_aside={code: 1},
            )
        if value.isprintable() and len(value) < 400 and "_x" not in value:
            content = sheet(with_cell(column, value, row=2))
            yield Case(
                id=f"{id_}-xlsx", name="file.xlsx", content=content, accepted=4, set_aside={code: 1}
            )
    yield from _read()
    yield from _flagged()
    for id_, column, value, code in CUSTOMERS:
        for place, row in CUSTOMER_PLACES.items():
            yield Case(
                id=f"{id_}-csv-{place}",
                kind="customers",
                settings=(),
                content=text(
                    with_customer(column, value, row=row), header=CUSTOMER_HEADER
                ).encode(),
                accepted=3,
                set_aside={code: 1},
            )
    yield from _left_out()
    content = text(with_customer("Birth Date", "2099-01-01"), header=CUSTOMER_HEADER).encode()
    yield Case(
        id="D12-born-to-come", kind="customers", settings=(), content=content, accepted=4,
        flagged={"date_in_future": 1, "person_facts_on_company": 1},
    )  # fmt: skip


def _left_out() -> Iterator[Case]:
    for id_, column, value, code in LEFT_OUT:
        field = {"Phone": "phone", "Email": "email", "Country": "country"}[column]
        for place, row in CUSTOMER_PLACES.items():
            content = text(with_customer(column, value, row=row), header=CUSTOMER_HEADER)
            yield Case(
                id=f"{id_}-csv-{place}", kind="customers", settings=(), content=content.encode(),
                accepted=4, flagged={code: 1}, values={field: [None]} if row == 0 else {},
            )  # fmt: skip
    several = with_customer("Phone", "912345678 / 913456789", row=0)
    content = text(several, header=CUSTOMER_HEADER).encode()
    yield Case(
        id="K05-two-phones", kind="customers", settings=(), content=content, asked="several_phones"
    )
    for answer, phone, code in (
        ("first", "+34912345678", "first_phone_taken"), ("none", None, "several_phones"),
    ):  # fmt: skip
        yield Case(
            id=f"K05-two-phones-{answer}", kind="customers", settings=(), content=content,
            answers={"several:Phone": answer}, accepted=4, flagged={code: 1},
            values={"phone": [phone]},
        )  # fmt: skip


def _read() -> Iterator[Case]:
    for id_, column, value, field, expected in READ:
        yield Case(
            id=f"{id_}-csv",
            content=text(with_cell(column, value)).encode(),
            accepted=5,
            values={field: [expected]},
        )
        if value.isprintable() and not value.startswith("="):
            yield Case(
                id=f"{id_}-xlsx",
                name="file.xlsx",
                content=sheet(with_cell(column, value)),
                accepted=5,
                values={field: [expected]},
            )


def _flagged() -> Iterator[Case]:
    for id_, column, value, code in FLAGGED:
        for place, row in PLACES.items():
            yield Case(
                id=f"{id_}-csv-{place}",
                content=text(with_cell(column, value, row=row)).encode(),
                accepted=5,
                flagged={code: 1},
            )
