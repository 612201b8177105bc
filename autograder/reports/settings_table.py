"""What every setting is, and which source decided it."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from autograder.settings import Settings, origins


def settings_table(settings: Settings) -> Table:
    """Return each setting's name, value, origin and meaning."""
    source = origins(settings)
    table = Table("Setting", "Value", "From", "Meaning")
    for name, field in Settings.model_fields.items():
        cells = (name, str(getattr(settings, name)), source[name], field.description or "")
        table.add_row(*map(Text, cells))
    return table
