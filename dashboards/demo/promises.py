"""What was promised to this year's villages and what help they got; who asked for more time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core import clock
from dashboards.demo.current_cases import FIRST_MEETING
from dashboards.demo.staff import HELPERS
from rectification.choices import WORKING_STATUSES, HelpKind, PromiseKind
from rectification.models import Assignment, Case, HelpItem, Promise
from rectification.services import extensions, help_items, promises

if TYPE_CHECKING:
    from accounts.models import User
    from dashboards.demo.world import World
    from rectification.models import Problem

# Kind, what, how much (ten thousand yuan), by which unit, due in days from the promise.
PROMISED = (
    (PromiseKind.MONEY, "村部改造资金", "18", "区财政局", 30),
    (PromiseKind.PROJECT, "硬化村内道路 1.2 公里", "46", "区交通运输局", 120),
    (PromiseKind.PEOPLE, "派农技员每周驻村一天", None, "区农业农村局", 10),
    (PromiseKind.POLICY, "集体建设用地手续优先办理", None, "区规划和自然资源局", 60),
    (PromiseKind.MONEY, "饮水管网维修补助", "6.5", "区水务局", 12),
)
HELPED = (
    (HelpKind.ECONOMY, "帮村里与合作社签订蔬菜收购协议", None, 36),
    (HelpKind.TEAM, "协助补选村务监督委员会委员", None, None),
    (HelpKind.COMFORT, "中秋慰问困难党员", "0.6", 8),
    (HelpKind.EDUCATION, "请党校教师到村讲党课", None, None),
    (HelpKind.DISPUTE, "牵头调解两户宅基地纠纷", None, 2),
    (HelpKind.COMFORT, "慰问老党员", "0.3", 5),
)
PROMISED_AGO, HELPED_AGO = 30, 20


def make_promises(world: World) -> None:
    """Give each village at work since the first meeting a promise or two and some help."""
    cases = Case.objects.filter(
        round=world.rounds[world.today.year],
        status__in=WORKING_STATUSES,
        designated_on__lte=world.ago(FIRST_MEETING),
    )
    chosen = list(cases.select_related("village__township", "round").order_by("pk"))
    for number, case in enumerate(chosen):
        promise = add_promise(world, case, number)
        follow(world, promise, number)
        for step in range(1 + number % 3):
            add_help(world, case, number + step)
    ask_for_time(world, chosen)


def add_promise(world: World, case: Case, number: int) -> Promise:
    kind, what, amount, unit, days = PROMISED[number % len(PROMISED)]
    leaders = world.staff_now.leaders
    promised_on = world.ago(PROMISED_AGO)
    promiser: dict[str, Any] = {"unit_name": unit}
    if number % 2:
        promiser["cadre"] = leaders[number % len(leaders)]
    with clock.set_to(world.ago(PROMISED_AGO - 1)):
        promise = Promise(
            case=case,
            kind=kind,
            what=what,
            amount=Decimal(amount) if amount else None,
            promised_on=promised_on,
            due_on=promised_on + timedelta(days=days),
            **promiser,
        )
        return promises.add_promise(promise, by=world.township_user(case.village))


def follow(world: World, promise: Promise, number: int) -> None:
    """Some arrived and were confirmed, one came short, one was taken back, the others are owed."""
    by, on = world.township_user(promise.case.village), world.ago(8)
    with clock.set_to(on):
        if number % 5 in {0, 1}:
            amount = promise.amount if number % 5 == 0 else promise.amount and promise.amount / 2
            promises.arrive(promise, by=by, arrived_on=on, arrived_amount=amount)
        if number % 5 == 0:
            promises.confirm(promise, by=by, confirmed_by_whom="村党组织书记", confirmed_on=on)
        if number % 5 == 3:
            promises.withdraw(promise, by=by, withdrawn_reason="选址与规划不符，改为其他支持方式")


def add_help(world: World, case: Case, number: int) -> None:
    kind, what, amount, households = HELPED[number % len(HELPED)]
    on = world.ago(HELPED_AGO - number % 10)
    with clock.set_to(on):
        item = HelpItem(
            case=case,
            kind=kind,
            on=on,
            what=what,
            unit_name="区供销社" if kind == HelpKind.ECONOMY else "结对单位",
            amount=Decimal(amount) if amount else None,
            households=households,
        )
        help_items.add_help(item, by=helper_of(world, case) or world.township_user(case.village))


def helper_of(world: World, case: Case) -> User | None:
    """The helper who is in the village and has an account: enters the own help."""
    accounts = [world.users[name] for name in HELPERS]
    there = Assignment.objects.running().filter(case=case, cadre__account__in=accounts)
    first = there.select_related("cadre__account").order_by("pk").first()
    return first.cadre.account if first and first.cadre else None


def ask_for_time(world: World, cases: list[Case]) -> None:
    """Two requests: one granted, one that waits."""
    found = [problem for case in cases if (problem := open_problem(case))]
    for place, problem in enumerate(found[:2]):
        by = world.township_user(problem.case.village)
        with clock.set_to(world.ago(6 - place)):
            asked = extensions.ask(
                problem,
                by=by,
                wanted=problem.deadline + timedelta(days=30),
                reason="要等区级部门批复，批复后一个月内能办结。",
            )
        if place == 0:
            with clock.set_to(world.ago(4)):
                extensions.decide(asked, by=world.office, is_granted=True, note="同意，抓紧办理。")


def open_problem(case: Case) -> Problem | None:
    return case.problems.filter(status="open", escalations=None).order_by("-number").first()
