"""The only place of figures. Each is one grouped query over rows that are already scoped."""

from dashboards.selectors.cases import (
    categories,
    concerns,
    origins,
    outcomes,
    screening,
    stages,
    trend,
)
from dashboards.selectors.definitions import DEFINITIONS
from dashboards.selectors.figures import Chart, Figure, Line, Records, records_of
from dashboards.selectors.items import Tile, overdue, problems_by_level, tiles

# Charts that are drawn, by the key in their address.
CHARTS = {
    "stages": stages,
    "problems": problems_by_level,
    "categories": categories,
    "trend": trend,
}

__all__ = [
    "CHARTS",
    "DEFINITIONS",
    "Chart",
    "Figure",
    "Line",
    "Records",
    "Tile",
    "categories",
    "concerns",
    "origins",
    "outcomes",
    "overdue",
    "problems_by_level",
    "records_of",
    "screening",
    "stages",
    "tiles",
    "trend",
]
