"""Towns and key figures on the phone, without a chart library."""

from typing import Any

import layouts.panels.figures as figures
import layouts.panels.towns as towns
from layouts.view import View


def render(view: View) -> list[Any]:
    """The figures as tiles with their lines, the towns below."""
    return [figures.render(view), *towns.render(view)]
