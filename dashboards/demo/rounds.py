"""Standards and rounds of the demo, through the services of rounds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from core import clock
from rectification.choices import RoundStatus, ScreeningOutcome, SubmissionStatus
from rectification.models import (
    Case,
    Criterion,
    MilestoneTemplate,
    Round,
    Screening,
    Standard,
    StandardSlot,
    TownshipSubmission,
)

if TYPE_CHECKING:
    from dashboards.demo.world import World


def make_standard(world: World, year: int, on: date) -> Standard:
    with clock.set_to(on):
        standard = Standard.objects.create(
            district=world.district,
            year=year,
            name="认定与整顿标准",
            status="published",
            published_by=world.office,
            published_at=clock.now(),
        )
    for n, (key, name, kind) in enumerate(
        (
            ("leader", "县级领导联村", "cadre"),
            ("township", "乡镇班子成员包村", "cadre"),
            ("first", "第一书记驻村", "cadre"),
            ("unit", "县级以上单位结对", "unit"),
        ),
        1,
    ):
        StandardSlot.objects.create(standard=standard, number=n, key=key, name=name, kind=kind)
    for n, (key, name, days, months, anchor) in enumerate(
        (
            ("four_ones", "四个一到位", 7, 0, "designated"),
            ("problem_list", "问题清单", 20, 0, "designated"),
            ("plan_approved", "方案批准", 30, 0, "designated"),
            ("mid_assessment", "中期评估", 120, 0, "designated"),
            ("applied", "申请验收", 240, 0, "designated"),
            ("accepted", "验收", 270, 0, "designated"),
            ("follow_3", "3 个月", 0, 3, "transformed"),
            ("follow_6", "6 个月", 0, 6, "transformed"),
            ("follow_12", "12 个月", 0, 12, "transformed"),
        )
    ):
        MilestoneTemplate.objects.create(
            standard=standard, number=n, key=key, name=name, days=days, months=months, anchor=anchor
        )
    return standard


def open_round(world: World, year: int, *, opened_on: date, due_on: date, list_of) -> Round:
    standard = make_standard(world, year, opened_on - timedelta(days=10))
    r = Round.objects.create(
        district=world.district,
        year=year,
        name=f"{year} 年度整顿轮次",
        standard=standard,
        status="open",
        opened_on=opened_on,
        due_on=due_on,
    )
    world.rounds[year] = r
    return r


def close_round(world, r, on):
    Round.objects.filter(pk=r.pk).update(status="closed", closed_on=on)
