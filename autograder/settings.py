"""Every setting of the autograder, declared once, with its unit in its name.

Precedence, lowest first: the default here, ``autograder.toml`` in the course
directory, an environment variable ``AUTOGRADER_<NAME>``, an argument given by
the caller (the command line). :func:`origins` tells which of them won.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from autograder.errors import UserError

FILE_NAME = "autograder.toml"


class Settings(BaseSettings):
    """Where things lie, and how much a submission may use."""

    model_config = SettingsConfigDict(env_prefix="AUTOGRADER_", extra="forbid", frozen=True)

    course_dir: Path = Field(Path(), description="nbgrader's course directory")
    assignments_dir: Path = Field(Path("assignments"), description="stub notebooks and contracts")
    solutions_dir: Path = Field(Path("solutions"), description="references and variants")
    graders_dir: Path = Field(Path("graders"), description="hidden pytest files")
    secret_file: Path = Field(
        Path(".autograder-secret"), description="seeds the hidden inputs; keep it private"
    )
    term: str = Field("", description="part of the seed, so that each term draws new inputs")

    confinement: Literal["auto", "namespaces", "plain"] = Field(
        "auto", description="auto takes namespaces where this machine gives them"
    )
    unconfined: bool = Field(
        False, description="consent to grade where layers of the agreed minimum are missing"
    )
    cell_cpu_s: float = Field(60.0, gt=0, description="CPU seconds one cell may use")
    cell_wall_s: float = Field(180.0, gt=0, description="backstop for a cell that waits")
    call_cpu_s: float = Field(20.0, gt=0, description="CPU seconds one graded call may use")
    call_wall_s: float = Field(60.0, gt=0, description="backstop for a call that waits")
    answer_wall_s: float = Field(
        20.0, gt=0, description="backstop for a student's server that does not answer"
    )
    submission_wall_s: float = Field(
        1800.0,
        gt=0,
        description="backstop for a whole submission; then not graded",
    )
    memory_limit_bytes: int = Field(
        4 << 30, gt=0, description="memory of a submission, and address space of a process"
    )
    file_limit_bytes: int = Field(64 << 20, gt=0, description="size of any one file written")
    process_limit: int = Field(64, gt=0, description="processes and threads at once")
    output_limit_bytes: int = Field(2 << 20, gt=0, description="output kept of one cell")
    notebook_limit_bytes: int = Field(32 << 20, gt=0, description="size of a submitted file")

    @field_validator("*", mode="after")
    @classmethod
    def _expand_home(cls, value: Any) -> Any:
        return value.expanduser() if isinstance(value, Path) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources, strongest first; the file is found beside ``course_dir``."""
        course_dir = Path(init_settings().get("course_dir", "."))
        file_settings = TomlConfigSettingsSource(settings_cls, course_dir / FILE_NAME)
        return init_settings, env_settings, file_settings

    def locate(self, path: Path) -> Path:
        """Return ``path`` made absolute; a relative one counts from the course directory."""
        return (self.course_dir / path).resolve()


def load_settings(course_dir: Path | str = ".", **overrides: Any) -> Settings:
    """Read the settings of a course directory.

    Raises
    ------
    UserError
        If the file is not TOML, or a value is unknown, of the wrong type or out of range.
    """
    course_dir = Path(course_dir)
    try:
        return Settings(course_dir=course_dir, **overrides)
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, item['loc']))}: {item['msg']} (got {item['input']!r})"
            for item in error.errors()
        ]
        raise UserError(
            f"The settings for {course_dir.resolve()} are not valid.\n  " + "\n  ".join(lines),
            hint=f"Correct {course_dir / FILE_NAME} or the AUTOGRADER_* environment variable.",
        ) from error
    except ValueError as error:  # TOML that does not parse
        raise UserError(
            f"{course_dir / FILE_NAME} is not valid TOML: {error}",
            hint="Correct the line it names, or write a new file with `autograder init`.",
        ) from error


def origins(settings: Settings) -> dict[str, str]:
    """Return for each setting which source it came from."""
    import os

    file = TomlConfigSettingsSource(Settings, settings.course_dir / FILE_NAME)()
    found: dict[str, str] = {}
    for name in Settings.model_fields:
        if f"AUTOGRADER_{name.upper()}" in os.environ:
            found[name] = "environment"
        elif name in file:
            found[name] = FILE_NAME
        else:
            found[name] = "command line" if name in settings.model_fields_set else "default"
    return found
