"""Whatever a submitted file holds, the reader gives a valid notebook or says what is wrong."""

from __future__ import annotations

import json
import sys
import tracemalloc
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.hooks.reading import MOST_CELLS, DamagedError, parse_notebook

SOME = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
MANY = settings(SOME, max_examples=4000)
MEMORY_PER_BYTE = 600
MEMORY_AT_LEAST = 4 << 20

texts = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["code", "markdown", "raw", "nbgrader", "cells", "source", "\ud800", "\x00", "__class__"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
keys = ["cell_type", "metadata", "source", "id", "outputs", "execution_count", "attachments"]
cells = st.dictionaries(st.sampled_from(keys) | texts, values, max_size=8)
typed_cells = st.builds(
    lambda cell, kind: {**cell, "cell_type": kind},
    cells,
    st.sampled_from(["code", "markdown", "raw", "heading", "", None, 3]),
)
flags = st.dictionaries(
    st.sampled_from(["grade", "grade_id", "points", "locked", "solution", "schema_version"]), values
)
graded_cells = st.builds(
    lambda cell, given: {**cell, "metadata": {"nbgrader": given}}, typed_cells, flags
)
notebooks = st.fixed_dictionaries(
    {"nbformat": st.just(4) | values, "cells": st.lists(typed_cells | graded_cells | values)},
    optional={"nbformat_minor": values, "metadata": values, "worksheets": values},
)


def check(data: bytes) -> None:
    """Demand a valid notebook without outputs, or DamagedError with one line of words."""
    try:
        nb = parse_notebook(data)
    except DamagedError as damage:
        reason = str(damage)
    else:
        check_notebook(nb)
        return
    assert 10 < len(reason) < 1000


def check_notebook(nb: nbformat.NotebookNode) -> None:
    """Demand that it is valid, has no outputs, and is read again."""
    nbformat.validate(nb)
    assert len(nb["cells"]) <= MOST_CELLS
    assert all(not cell.get("outputs") for cell in nb["cells"])
    assert parse_notebook(nbformat.writes(nb).encode("utf-8"))


@SOME
@given(st.binary(max_size=300))
def test_bytes(data: bytes) -> None:
    check(data)


@SOME
@given(values)
def test_json(value: Any) -> None:
    check(json.dumps(value).encode())


@SOME
@given(notebooks)
def test_notebooks_of_odd_parts(document: Any) -> None:
    check(json.dumps(document).encode())


@SOME
@given(notebooks, st.data())
def test_notebooks_with_bytes_changed(document: Any, data: st.DataObject) -> None:
    text = bytearray(json.dumps(document).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(text)))
        text[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    check(bytes(text))


@pytest.mark.slow
def test_many_notebooks() -> None:
    for strategy in (notebooks.map(json.dumps), values.map(json.dumps)):
        MANY(given(strategy)(lambda text: check(text.encode())))()


@pytest.mark.parametrize(
    "data",
    [
        b'{"nbformat": 4, "cells": [' + b"{}," * 100_000 + b"{}]}",
        b'{"nbformat": 4, "cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"nbformat": 4, "cells": []' + b"}" * 500_000,
        b'{"nbformat": 4, "nbformat_minor": ' + b"9" * 500_000 + b', "cells": []}',
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "' + b"x" * 900_000 + b'"}]}',
        b'{"nbformat": 4, "cells": [' + b'{"cell_type": "code", "id": "a"},' * 399 + b"1]}",
    ],
    ids=["cells", "depth", "tail", "digits", "source", "one id"],
)
def test_memory_grows_with_the_file_only(data: bytes) -> None:
    tracemalloc.start()
    try:
        check(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MEMORY_AT_LEAST + MEMORY_PER_BYTE * len(data) / 10


def test_nothing_in_a_notebook_is_run_or_imported() -> None:
    trap = "redteam_trap_module"
    metadata = {"kernelspec": {"name": trap, "display_name": "!touch", "language": "${x}"}}
    cell = {"cell_type": "code", "source": f"import {trap}", "metadata": {"tags": [trap]}}
    before = set(sys.modules)
    check(json.dumps({"nbformat": 4, "metadata": metadata, "cells": [cell] * 5}).encode())
    assert trap not in set(sys.modules) - before
