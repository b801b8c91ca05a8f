"""The demo district's library of measures: the first measure against each typical problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simple_history.utils import bulk_create_with_history

from dashboards.demo.problems import KINDS
from dashboards.demo.questions import CAUSES
from rectification.choices import Nature
from rectification.models import Measure

if TYPE_CHECKING:
    from dashboards.demo.world import World

DAYS = {Nature.ORDINARY: 60, Nature.COMPLEX: 120, Nature.MAJOR: 180}
RESULTS = {
    Nature.ORDINARY: "一个月内见效，结果公示",
    Nature.COMPLEX: "形成书面结果，向村民代表通报",
    Nature.MAJOR: "有区级答复或决定，张榜公布",
}


def make_measures(world: World) -> None:
    """Fill the library; tasks of the demo with the same words are taken from it."""
    rows = [
        Measure(
            district=world.district,
            text=kind.measures[0],
            result_wanted=RESULTS[kind.nature],
            category_id=code,
            cause_id=CAUSES[code],
            days=DAYS[kind.nature],
        )
        for code, kinds in KINDS.items()
        for kind in kinds
    ]
    bulk_create_with_history(rows, Measure, default_user=world.office)
    world.measures = {row.text: row for row in Measure.objects.filter(district=world.district)}
