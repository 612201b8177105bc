"""One connection to a gradebook, and one transaction, for all that nbgrader does to it meanwhile.

nbgrader opens the gradebook anew for every question, some twenty times a submission, each time
with an SQLAlchemy engine that has to compile its SQL again, and it commits in between. Here every
``Gradebook`` that nbgrader opens inside :func:`shared` works on the same session. So a submission
costs a tenth of the time, and is in the gradebook with all its marks or not at all.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

from nbgrader.api import Base, Gradebook
from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

LOCK_PATIENCE_S = 30.0
"""How long to wait for somebody else's lock on the gradebook."""

_STRUCTURE = {
    *("course", "assignment", "notebook", "base_cell"),
    *("grade_cells", "solution_cells", "task_cells", "source_cell"),
}
"""Tables that say what there is to grade, and nothing of any student."""


def open_gradebook(url: str) -> Engine:
    """Return an engine whose transactions take SQLite's lock at their beginning."""
    is_file = url.startswith("sqlite")
    engine = create_engine(url, connect_args={"timeout": LOCK_PATIENCE_S} if is_file else {})
    if is_file:
        _begin_immediately(engine)
    return engine


def copy_structure(url: str) -> Engine:
    """Return a gradebook in memory that holds the assignments and none of the students."""
    copy = create_engine("sqlite://", poolclass=StaticPool)
    source = create_engine(url)
    try:
        Base.metadata.create_all(copy)
        with source.connect() as there, copy.begin() as here:
            for table in Base.metadata.sorted_tables:
                if table.name in _STRUCTURE:
                    rows = [dict(row) for row in there.execute(select(table)).mappings()]
                    if rows:
                        here.execute(insert(table), rows)
    finally:
        source.dispose()
    return copy


@contextlib.contextmanager
def shared(engine: Engine, *, keep: bool = True) -> Iterator[None]:
    """Let every ``Gradebook`` opened meanwhile share one transaction.

    Parameters
    ----------
    keep
        Whether what was done is committed at the end; an exception undoes it in any case.
    """
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            with _on(connection):
                yield
            if keep:
                transaction.commit()
        finally:
            if transaction.is_active:
                transaction.rollback()


@contextlib.contextmanager
def _on(connection: Connection) -> Iterator[None]:
    """Have nbgrader's class take this connection in place of one of its own."""
    session = scoped_session(sessionmaker(bind=connection, autoflush=True, expire_on_commit=False))
    before = Gradebook.__init__, Gradebook.close
    courses: set[str] = set()

    def take(
        gradebook: Any, db_url: str, course_id: str = "default_course", authenticator: Any = None
    ) -> None:
        gradebook.engine = connection.engine
        gradebook.db = session
        if course_id not in courses:
            gradebook.check_course(course_id)
            courses.add(course_id)
        gradebook.course_id = course_id
        gradebook.authenticator = authenticator

    Gradebook.__init__, Gradebook.close = take, _flush
    try:
        with warnings.catch_warnings():
            # nbgrader asks questions while it makes an entry; SQLAlchemy warns that the entry is
            # not in the session yet. It is put there right after.
            warnings.simplefilter("ignore", SAWarning)
            yield
            session.flush()
    finally:
        Gradebook.__init__, Gradebook.close = before
        session.remove()


def _flush(gradebook: Any) -> None:
    """Close a shared gradebook: what it changed is there for the next one."""
    gradebook.db.flush()


def _begin_immediately(engine: Engine) -> None:
    """Begin with the lock for writing: a reader that turns writer could not wait for it.

    See https://docs.sqlalchemy.org/en/21/dialects/sqlite.html on pysqlite's transactions.
    """

    @event.listens_for(engine, "connect")
    def _leave_transactions_to_us(connection: Any, record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
