"""A second, tiny district with accounts of its own, so that isolation can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.demo import names, rounds
from dashboards.demo.world import World
from divisions.models import Division
from villages.models import Village

if TYPE_CHECKING:
    from dashboards.demo.schedule import Story


def make_neighbour(world: World) -> World:
    """A world of its own beside the first one, sharing its day, its dice and its categories."""
    township = Division.objects.get(code=names.NEIGHBOUR_TOWNSHIP[0])
    return World(
        today=world.today,
        rng=world.rng,
        persons=world.persons,
        district=Division.objects.get(code=names.NEIGHBOUR[0]),
        townships=[township],
        villages={township.code: list(Village.objects.filter(township=township))},
        users={
            "office1": world.users["office_other"],
            "township1": world.users["township_other"],
        },
        categories=world.categories,
        staff_now=world.staff_now,
        staff_then=world.staff_then,
    )


def tell(world: World) -> Story:
    """A round with one village on its way to the standing committee and one designated."""
    yield world.ago(60)
    opened = rounds.open_round(
        world, world.today.year, opened_on=world.ago(60), due_on=world.ago(30)
    )
    entries = [
        rounds.Entry(world.free_village(0), "C10"),
        rounds.Entry(world.free_village(0), "C04"),
    ]
    yield world.ago(40)
    walks = rounds.whole_round(world, opened, entries, world.ago(60))
    yield world.ago(25)
    walks[0].designate(world.ago(25), f"屏委常纪〔{world.today.year}〕7号")
