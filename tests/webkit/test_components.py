"""The macros, rendered alone: what a screen reader, a strict browser and a slow line need from them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from wtforms import StringField
from wtforms.validators import DataRequired

from deploy.dev.slim import slim
from sacco_app.kernel.money import UGX, Money
from sacco_app.webkit.charts import Datum, bar_chart, line_chart, spark_line, stacked_bar
from sacco_app.webkit.fields import MoneyField
from sacco_app.webkit.forms import CommandForm
from sacco_app.webkit.tables import Column, Empty, Filter, Page

ROOT = Path(__file__).resolve().parents[2]
FIRST_PAGE_BYTES = 150_000


class PaymentForm(CommandForm):
    amount = MoneyField("Amount", validators=[DataRequired("Enter the amount in digits")])
    payer = StringField("Paid in by", description="The person at the counter")


@pytest.fixture(scope="module")
def page() -> Flask:
    """An application that has templates and nothing else."""
    page = Flask("page", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    page.secret_key = "for tests only"
    CSRFProtect(page)
    environment = page.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(date=str, instant=str)
    with page.test_request_context():
        for name in ("ui", "forms", "tables", "money", "charts"):
            environment.globals[name] = environment.get_template(f"components/{name}.html").module
    return page


def render(page: Flask, source: str, **values: Any) -> str:
    with page.test_request_context("/members?status=active&page=2"):
        made = {name: value() if callable(value) else value for name, value in values.items()}
        return page.jinja_env.from_string(source).render(**made)


def refused() -> PaymentForm:
    form = PaymentForm()
    form.amount.errors = ["Enter the amount in digits"]
    return form


def listing(rows: int) -> Page:
    columns = [Column("name", "Name"), Column("savings", "Savings", "money"), Column("status", "Status", "status")]
    filters = [Filter("status", "Status", lambda _: None, "select", [("active", "Active")])]
    lines = [{"name": {"text": "Ssekandi", "url": "/m"}, "savings": Money(-1200, UGX), "status": "active"}] * rows
    totals = {"savings": Money(-1200 * rows, UGX)} if rows else {}
    return Page(
        columns, lines, rows, totals, 1, 25, "name", "asc", filters, Empty("Nobody yet", "", "Register", "/new")
    )


def test_an_error_is_tied_to_its_field_and_told_on_top(page: Flask) -> None:
    html = render(
        page,
        "{% call forms.form(form, target='x') %}{{ forms.money_field(form.amount) }}{{ forms.field(form.payer) }}{% endcall %}",
        form=refused,
    )
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="amount-error"' in html
    assert 'id="amount-error"' in html
    assert '<a href="#amount">Amount</a>' in html
    assert 'aria-describedby="payer-help"' in html
    assert 'name="submission_id"' in html
    assert 'hx-target="#x"' in html


def test_a_refusal_heads_the_form(page: Flask) -> None:
    def form() -> PaymentForm:
        made = PaymentForm()
        made.refusal = "The account is dormant"
        return made

    assert "<b>The account is dormant</b>" in render(page, "{{ forms.summary(form) }}", form=form)


def test_what_people_typed_is_escaped(page: Flask) -> None:
    for source in (
        "{{ ui.badge(x) }}",
        "{{ ui.stat(x, x, x, url=x) }}",
        "{{ ui.definition([(x, x)]) }}",
        "{{ ui.toast(x) }}",
    ):
        assert "<script" not in render(page, source, x='"><script>alert(1)</script>')


def test_a_list_shows_its_rows_total_and_state(page: Flask) -> None:
    html = render(page, "{{ tables.table(list) }}", list=lambda: listing(3))
    assert html.count("<tr>") == 5
    assert "−3,600" in html
    assert "selected" in html
    assert 'id="results"' in html


def test_an_empty_list_offers_the_next_step(page: Flask) -> None:
    html = render(page, "{{ tables.table(list) }}", list=lambda: listing(0))
    assert "Nobody yet" in html
    assert 'href="/new"' in html


def test_every_picture_carries_its_numbers(page: Flask) -> None:
    data = [Datum("Jan", 10, "10"), Datum("Feb", 30, "30")]
    values = {
        "bars": bar_chart(data),
        "line": line_chart(data, limit=20),
        "parts": stacked_bar(data),
        "spark": spark_line(data),
    }
    source = "{{ charts.bars(bars, 'B') }}{{ charts.line(line, 'L') }}{{ charts.stacked_bar(parts, 'P') }}{{ charts.spark(spark, 'S') }}"
    html = render(page, source, **values)
    assert html.count('role="img"') == 4
    assert html.count("<td") == 4
    assert "75.0 %" in html


def test_templates_keep_the_content_security_policy() -> None:
    forbidden = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|hx-on|\|\s*safe|autoescape false")
    guilty = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if not {"documents", "emails"} & set(path.parts) and forbidden.search(path.read_text())
    ]
    assert guilty == []


def test_every_icon_that_a_template_names_is_on_the_list() -> None:
    listed = set((ROOT / "static" / "icons.txt").read_text().split())
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'\bicon\("([\w-]+)"', path.read_text())
    }
    assert named <= listed


def test_a_cut_style_sheet_keeps_what_is_used_and_its_variables() -> None:
    css = ":root{--a:red;--b:var(--a);--c:blue}.btn{color:var(--b)}.carousel{color:var(--c)}@media (min-width:768px){.d-md-none{display:none}}"
    assert (
        slim(css)
        == ":root{--a:red;--b:var(--a)}.btn{color:var(--b)}@media (min-width:768px){.d-md-none{display:none}}\n"
    )


def test_the_first_page_is_light() -> None:
    vendor = ROOT / "static" / "vendor"
    if not (vendor / "icons.svg").exists():
        pytest.skip("the browser packages are not here: make setup")
    text = [
        vendor / "tabler" / "tabler.min.css",
        vendor / "inter" / "inter.css",
        vendor / "htmx" / "htmx.min.js",
        vendor / "icons.svg",
    ]
    own = [
        *(ROOT / "static" / "css").glob("*.css"),
        *(ROOT / "static" / "js").glob("*.js"),
        ROOT / "static" / "img" / "mark.svg",
    ]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in [*text, *own])
    weight += (vendor / "inter" / "inter-latin.woff2").stat().st_size
    assert weight < FIRST_PAGE_BYTES - 15_000
