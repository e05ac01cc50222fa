"""Every row of the gateway guide is shown by a test or decided; the document that lists them is current."""

from __future__ import annotations

from tools import gateway_rows


def test_every_row_is_shown_by_a_test_or_carries_a_decision() -> None:
    shown = {mark.row for mark in gateway_rows.shown()}

    assert [] == [row.row for row in gateway_rows.rows() if row.row not in shown and not row.decision]


def test_the_document_is_current() -> None:
    assert gateway_rows.TARGET.read_text(encoding="utf-8") == gateway_rows.render(), "run `make gateway-rows`"
