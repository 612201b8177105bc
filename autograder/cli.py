"""The command line: each command reads its arguments and leaves the work to one function.

What is heavy is imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from autograder.errors import UserError
from autograder.termination import end_when_told

USAGE_ERROR = 2
_PLAIN_WIDTH = 120
"""Columns where the output is no terminal, which would tell its own width."""

# jsonschema would compile the grammar of international web addresses, for more than a second in
# every process; no notebook has one that is checked.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

app = typer.Typer(
    name="autograder",
    help="Build assignments, and grade them safely through nbgrader.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",  # joins the lines of a paragraph
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Slug = Annotated[str, typer.Argument(metavar="SLUG", help="The assignment's name.")]
CourseDir = Annotated[
    Path,
    typer.Option(
        "--course", metavar="DIR", exists=True, file_okay=False, help="nbgrader's course directory."
    ),
]
Unconfined = Annotated[
    bool,
    typer.Option(
        "--unconfined",
        help="Grade even if this machine cannot confine submissions fully (see `doctor`).",
    ),
]
_JOBS = "How many submissions to grade at once; by default one for each processor."
_REPEAT = "Afterwards grade everybody N times more, save nothing, and report marks that differ."


def main() -> None:
    """Run the command line; an error that the user can put right ends it in two sentences."""
    end_when_told()
    try:
        app()
    except UserError as error:
        _refuse(str(error.args[0]), error.hint)
    except OSError as error:
        if error.filename is None:  # no file that was asked for: the program's own fault
            raise
        _refuse(f"{error.filename}: {error.strerror}.", "Name another path, or mend this one.")


def _refuse(problem: str, hint: str) -> NoReturn:
    err = Console(stderr=True)
    err.print(Text.assemble(("Error: ", "bold red"), problem), soft_wrap=True)
    if hint:
        err.print(Text.assemble(("Hint: ", "bold"), hint), soft_wrap=True)
    sys.exit(USAGE_ERROR)


def _overrides(unconfined: bool) -> dict[str, bool]:
    """Return the settings that an option puts in the place of the course's own."""
    return {"unconfined": True} if unconfined else {}


def _console(*, stderr: bool = False) -> Console:
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(width=_PLAIN_WIDTH, stderr=stderr)


def _say_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(f"autograder {version('deep-learning-course')}")
        except PackageNotFoundError:  # run from a checkout that is not installed
            typer.echo("autograder, not installed")
        raise typer.Exit


@app.callback()
def _root(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    pass


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make it.")],
    course_id: Annotated[
        str, typer.Option(help="nbgrader's name of the course; by default the directory's.")
    ] = "",
    exchange: Annotated[
        Path | None, typer.Option(metavar="DIR", help="nbgrader's exchange, if not its default.")
    ] = None,
    assignments: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", exists=True, file_okay=False, help="Where the assignments lie."
        ),
    ] = None,
    solutions: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", exists=True, file_okay=False, help="Where references and variants lie."
        ),
    ] = None,
    graders: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", exists=True, file_okay=False, help="Where the hidden tests lie."
        ),
    ] = None,
) -> None:
    """Make an nbgrader course directory that grades with the autograder.

    If DIR is a course already, it is only switched on: notebooks, gradebook and settings stay.

    Example: autograder init my-course --course-id dl101
    """
    from autograder.authoring import init_course

    written = init_course(
        directory,
        course_id=course_id or directory.resolve().name,
        exchange_root=exchange,
        assignments_dir=assignments,
        solutions_dir=solutions,
        graders_dir=graders,
    )
    _list_files("Wrote", written)


@app.command()
def new(slug: Slug, course: CourseDir = Path()) -> None:
    """Write a small assignment that is complete, to change into your own.

    Example: autograder new b1_errors
    """
    from autograder.authoring import new_assignment
    from autograder.settings import load_settings

    _list_files("Wrote", new_assignment(slug, load_settings(course)))


@app.command()
def build(slug: Slug, course: CourseDir = Path()) -> None:
    """Make nbgrader's source notebook from the percent script and its reference.

    Example: autograder build a1_sgd_vs_adam --course my-course
    """
    from autograder.authoring import build_assignment
    from autograder.settings import load_settings

    course_settings = load_settings(course)
    path = build_assignment(slug, course_settings, course_settings.locate(Path("source")))
    _list_files("Built", [path])
    typer.echo(f"Next, in the course directory: nbgrader generate_assignment {slug}")


@app.command()
def audit(
    slug: Slug,
    course: CourseDir = Path(),
    repeats: Annotated[
        int, typer.Option(min=0, help="Runs of all tests on right answers, each on other inputs.")
    ] = 50,
    quick: Annotated[
        bool, typer.Option("--quick", help="A sample of mutants and of wrong variants.")
    ] = False,
    leaks: Annotated[
        bool,
        typer.Option("--leaks/--no-leaks", help="Search what students get for hidden text."),
    ] = True,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Answers tried at once; by default one a processor.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Run again what an earlier audit has run.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show every row, and explained survivors.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole report as JSON, and nothing else.")
    ] = False,
    html: Annotated[
        bool, typer.Option("--html", help="Write a page to .autograder/audit/SLUG.html as well.")
    ] = False,
) -> None:
    """Measure how good an assignment's hidden tests are, and say what is wrong with them.

    The tests meet the reference, the untouched stub, every right and wrong variant, mutants of
    the reference, and other hidden inputs again and again. What has not changed since the last
    audit is not run again.

    Exit status: 0 the grader holds, 1 an error was found, 2 the audit could not begin.

    Example: autograder audit a1_sgd_vs_adam --html
    """
    from autograder.audit.command import run_audit
    from autograder.audit.run import Options
    from autograder.settings import load_settings

    options = Options(repeats=repeats, quick=quick, leaks=leaks, fresh=fresh)
    options = options if jobs is None else replace(options, jobs=jobs)
    passed = run_audit(
        slug,
        load_settings(course),
        options,
        _console(),
        verbose=verbose,
        as_json=as_json,
        html=html,
    )
    raise typer.Exit(0 if passed else 1)


@app.command()
def grade(
    slug: Slug,
    course: CourseDir = Path(),
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help=_JOBS),
    ] = None,
    students: Annotated[
        str, typer.Option(metavar="A,B", help="Only these students, separated by commas.")
    ] = "",
    only: Annotated[
        str,
        typer.Option(
            metavar="new|deferred|failed",
            help="Only what is new or was handed in again, what is deferred, or what could not be "
            "graded; and what an interrupted run left.",
        ),
    ] = "",
    rerun: Annotated[
        bool, typer.Option("--rerun", "--force", help="Grade again what is graded already.")
    ] = False,
    repeat: Annotated[
        int,
        typer.Option(min=0, metavar="N", help=_REPEAT),
    ] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the outcome as JSON; progress goes to stderr.")
    ] = False,
    unconfined: Unconfined = False,
) -> None:
    """Grade the submissions, several at once; end with a table and a summary page.

    The marks are those of `nbgrader autograde`, and go to the same gradebook. What is graded
    and has not changed is left alone; a run that was killed goes on where it was.

    Exit status: 0 every mark is there, 1 something is deferred, not graded, not saved, different
    when repeated, or left after Ctrl-C, 2 grading could not begin, or an error stopped it.

    Example: autograder grade a1_sgd_vs_adam --jobs 4
    """
    from autograder.headstart import default_jobs, parents_ahead
    from autograder.settings import load_settings

    jobs = jobs or default_jobs()
    overrides = _overrides(unconfined)
    with parents_ahead(load_settings(course, **overrides), slug, jobs, rerun=rerun) as parents:
        from autograder.reports.grading import Request, grade_command

        wanted = [name.strip() for name in students.split(",") if name.strip()]
        request = Request(slug, jobs, wanted, only, rerun, repeat, as_json)
        status = grade_command(request, course, overrides, parents, _console(stderr=as_json))
    raise typer.Exit(status)


@app.command()
def regrade(
    slug: Slug,
    course: CourseDir = Path(),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and write nothing.")
    ] = False,
    students: Annotated[
        str, typer.Option(metavar="A,B", help="Only these students, separated by commas.")
    ] = "",
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help=_JOBS)] = None,
    unconfined: Unconfined = False,
) -> None:
    """Grade everybody again with today's hidden tests, and show who gains or loses what, and why.

    Whatever was handed in since counts too: grade that first, to see what the tests alone change.

    Exit status: 0 done, 1 something is not graded or deferred (never with --dry-run), 2 grading
    could not begin or had to stop.

    Example: autograder regrade a1_sgd_vs_adam --dry-run
    """
    from autograder.batch import open_course
    from autograder.headstart import default_jobs
    from autograder.reports.regrade import regrade as regrade_class

    wanted = [name.strip() for name in students.split(",") if name.strip()]
    opened, jobs = open_course(course, **_overrides(unconfined)), jobs or default_jobs()
    raise typer.Exit(
        regrade_class(opened, slug, _console(), students=wanted, jobs=jobs, dry_run=dry_run)
    )


@app.command()
def status(
    slug: Slug,
    course: CourseDir = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say how far grading is: what is graded, what waits, and what cannot be graded, and why.

    Exit status: 0 every submission is graded, 1 not yet.

    Example: autograder status a1_sgd_vs_adam
    """
    from autograder.batch import open_course
    from autograder.reports.status import status_command

    raise typer.Exit(status_command(open_course(course), slug, _console(), as_json=as_json))


@app.command()
def doctor(
    course: CourseDir = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Try each layer of confinement on this machine; say what is open, and how to close it.

    Exit status: 0 the agreed minimum holds, 1 it does not.

    Example: autograder doctor
    """
    from autograder.doctor import doctor_command
    from autograder.settings import load_settings

    raise typer.Exit(doctor_command(load_settings(course), _console(), as_json=as_json))


@app.command()
def settings(course: CourseDir = Path()) -> None:
    """Print each setting, its value, and where it comes from.

    Example: autograder settings --course my-course
    """
    from autograder.reports.settings_table import settings_table
    from autograder.settings import load_settings

    _console().print(settings_table(load_settings(course.resolve())))


@app.command()
def demo(
    directory: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Made anew; an older demo is replaced.")
    ] = Path("demo-run"),
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave an older demo alone, and number this one.")
    ] = False,
) -> None:
    """Run a class through nbgrader: release, fetch, submit, collect, grade, give feedback.

    Example: autograder demo --dir /tmp/demo
    """
    from autograder.demo import run_demo

    raise typer.Exit(run_demo(directory, _console(), keep=keep))


@app.command()
def redteam(
    slug: Annotated[
        str, typer.Argument(metavar="SLUG", help="Attack a copy of this assignment.")
    ] = "",
    course: CourseDir = Path(),
    only: Annotated[
        str, typer.Option(metavar="A,B", help="Only attacks whose family/name holds one of these.")
    ] = "",
    attacks: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="More attacks, in a folder per family.",
        ),
    ] = None,
    stock: Annotated[
        bool, typer.Option("--stock", help="Attack plain nbgrader, inside a sandbox of its own.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Attack this machine's grading with submissions made for it, in a throw-away course.

    With a slug, a copy of that assignment is attacked, with the course's settings.

    Exit status: 0 no attack succeeded and no honest submission was wronged, else 1.

    Example: autograder redteam --only reading,network
    """
    from autograder.redteam.report import redteam_command

    wanted = [name.strip() for name in only.split(",") if name.strip()]
    status = redteam_command(
        _console(), slug, course, only=wanted, more=attacks, stock=stock, as_json=as_json
    )
    raise typer.Exit(status)


def _list_files(verb: str, files: list[Path]) -> None:
    for path in files:
        typer.echo(f"{verb} {path}")
