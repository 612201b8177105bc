"""The search panel: a grid search seen from above, and what a peek at the test set costs."""

from __future__ import annotations

from course.peek.panel import SearchPanel, search_panel

__all__ = ["SearchPanel", "search_panel"]
