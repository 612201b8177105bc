"""In a real browser, the request console asks the student's own application."""

from __future__ import annotations

import pytest

from .conftest import Show
from .lab import Sheet

pytestmark = pytest.mark.slow

PANEL = """
import course
from flask import Flask, request


def create_app():
    app = Flask("mine")

    @app.post("/double")
    def double():
        with open("asked.txt", "a") as log:
            print(request.get_data(as_text=True), file=log)
        return {"doubled": 2 * request.get_json()["x"]}

    return app


course.request_console(create_app, path="/double", example={"x": 21})
"""
"""A student's own application, which writes down what it is asked."""


def bodies(sheet: Sheet) -> list[str]:
    """Return the body of each request that reached the student's application, in one line."""
    return "".join(sheet.asked()).replace("}", "}\n").splitlines()


def test_slider_and_button_ask_the_students_application(show: Show) -> None:
    sheet = show(PANEL)
    assert bodies(sheet) == ['{ "x": 21}'] * 20
    sheet.drag("times", 40)
    times = int(sheet.page.inner_text(".widget-slider .widget-readout"))
    assert times > 20
    assert len(bodies(sheet)) == 20 + times, "it ran while the slider was still moving"
    sheet.keep("console_more_requests")

    with sheet.another_picture():
        sheet.page.fill(".widget-textarea textarea", '{"x": "a"}')
        sheet.page.click("button:has-text('Send')")
    assert bodies(sheet)[-1] == '{"x": "a"}'
    told = sheet.page.inner_text(".jp-Notebook [role=status]:has(pre)")
    assert "status 200" in told
    assert '"doubled":"aa"' in told
    sheet.keep("console_another_body")
