"""Hidden tests of a5_t9: deposits under an interleaving that is forced."""

from __future__ import annotations

import pytest

from autograder.grading import Draw, Student, expect

from .bank import Bank


def call_undisturbed(student: Student) -> None:
    """Have one deposit made in the notebook's own process, where an exception shows itself."""
    account = student.new("Account", lambda: 0, lambda balance: None)
    lock = student.new("Lock", lambda: True, lambda: None)
    student.call("deposit", account, lock, 1)


@pytest.mark.task("a5_t9", points=4)
@pytest.mark.parametrize("processes", [2, 3])
def test_no_deposit_is_lost(student: Student, draw: Draw, processes: int) -> None:
    start = draw.integer(50, 150)
    amounts = [draw.integer(2, 30) + 40 * place for place in range(processes)]
    bank = Bank(start)
    call_undisturbed(student)
    with student.watch() as seen:
        codes = student.call("deposit_all", amounts, *bank.functions(seen))
    inputs = {"balance": start, "deposits at the same time": amounts}
    expect.true(
        not bank.stuck,
        what="the lock is given back, so that the next can have it",
        inputs=inputs,
        hint="lock-kept",
    )
    expect.true(
        codes == [0] * processes, what="no deposit ends in an exception", inputs=inputs, got=codes
    )
    expect.true(
        bank.balance == start + sum(amounts),
        what="all deposits of processes that work at the same time arrive",
        got=bank.balance,
        expected=start + sum(amounts),
        inputs=inputs,
        hint=_why_lost(bank) if start < bank.balance < start + sum(amounts) else None,
    )


def _why_lost(bank: Bank) -> str | None:
    if bank.read_unlocked and bank.write_unlocked:
        return "no-lock"
    return "read-outside" if bank.read_unlocked else "gap-between" if bank.is_free else None


@pytest.mark.task("a5_t9", points=3)
def test_failure_gives_the_lock_back(student: Student, draw: Draw) -> None:
    start, amounts = draw.integer(50, 150), [draw.integer(2, 9), draw.integer(10, 30)]
    bank = Bank(start, writes_that_fail=1)
    call_undisturbed(student)
    with student.watch() as seen:
        codes = student.call("deposit_all", amounts, *bank.functions(seen))
    inputs = {"balance": start, "deposits at the same time": amounts, "the first write": "fails"}
    expect.true(
        not bank.stuck,
        what="who fails gives the lock back, so that the next can have it",
        inputs=inputs,
        hint="lock-kept-by-failure",
    )
    expect.true(
        isinstance(codes, list) and sorted(codes) == [0, 1],
        what="the exception of write goes on to the caller, and the other deposit goes well",
        got=codes,
        expected="one process ends with 1 and the other with 0",
        inputs=inputs,
        hint="exception-swallowed" if codes == [0, 0] else None,
    )
    expect.true(bank.is_free, what="the lock is free at the end", hint="lock-kept-by-failure")
    expect.true(
        bank.balance in [start + amount for amount in amounts],
        what="the deposit that did not fail has arrived",
        got=bank.balance,
        inputs=inputs,
    )
