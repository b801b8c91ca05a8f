"""Plain functions that make standards, rounds, cases and cadres for tests."""

from datetime import date, timedelta

from accounts.models import User
from accounts.roles import Role
from core import clock
from rectification.choices import CaseStatus, Nature, ProblemSource, ProblemStatus, RoundStatus
from rectification.models import (
    Assignment,
    Cadre,
    Case,
    Category,
    Cause,
    Measure,
    Milestone,
    Plan,
    Problem,
    Round,
    Standard,
    StandardSlot,
    Task,
    Visit,
)
from tests.factories import make_district, make_user, make_village


def make_category(code="C03", name="班子不团结、内耗严重"):
    values = {"name": name, "short_name": name[:6], "definition": name}
    return Category.objects.get_or_create(code=code, defaults=values)[0]


def make_cause(code="Y09", name="遗留问题未解决", help_field="law"):
    values = {"name": name, "help_field": help_field}
    return Cause.objects.get_or_create(code=code, defaults=values)[0]


def make_standard(district=None, year=None, **fields):
    district = district or make_district()
    year = year or clock.today().year
    values = {"name": "认定与整顿标准", "status": Standard.Status.PUBLISHED, **fields}
    return Standard.objects.get_or_create(district=district, year=year, edition=1, defaults=values)[
        0
    ]


def make_round(district=None, year=None, **fields):
    district = district or make_district()
    year = year or clock.today().year
    found = Round.objects.filter(district=district, year=year).first()
    if found:
        return found
    values = {
        "name": f"{year} 年度轮次",
        "standard": make_standard(district, year),
        "status": RoundStatus.OPEN,
        **fields,
    }
    return Round.objects.create(district=district, year=year, **values)


def make_case(village=None, status=CaseStatus.RECTIFYING, **fields):
    village = village or make_village()
    today = clock.today()
    values = {
        "round": fields.pop("round", None) or make_round(make_district(village.code[:6])),
        "main_category": fields.pop("main_category", None) or make_category(),
        "proposed_on": today - timedelta(days=200),
        "designated_on": today - timedelta(days=190),
        "minutes_no": "常委会纪要〔2026〕3号",
        "deadline": today + timedelta(days=80),
        **fields,
    }
    return Case.objects.create(village=village, status=status, **values)


def make_cadre(division=None, name="王工作", **fields):
    values = {"post": "组织委员", "unit": "乡镇党委", "from_on": date(2020, 1, 1), **fields}
    return Cadre.objects.create(division=division or make_district(), name=name, **values)


def make_slot(standard, key="first_secretary", **fields):
    values = {"number": 3, "name": "第一书记", **fields}
    return StandardSlot.objects.get_or_create(standard=standard, key=key, defaults=values)[0]


def make_helper(case, slot=None, **fields):
    """Make a helper account with its cadre, assigned to a case and running; returns the account."""
    user = make_user(Role.HELPER, case.round.district)
    cadre = make_cadre(case.round.district, name=fields.pop("name", "李书记"), account=user)
    make_assignment(case, slot or make_slot(case.round.standard), cadre, **fields)
    return user


def make_assignment(case, slot, cadre=None, **fields):
    started = clock.today() - timedelta(days=100)
    values = {"started_on": started, **fields}
    return Assignment.objects.create(case=case, slot=slot, cadre=cadre, **values)


def holder_of(case):
    """Return the township account of a case's village, making it when there is none."""
    township = case.village.township
    found = User.objects.filter(role=Role.TOWNSHIP, division=township).order_by("pk").first()
    return found or make_user(Role.TOWNSHIP, township)


def make_problem(case=None, status=ProblemStatus.OPEN, **fields):
    case = case or make_case()
    today = clock.today()
    owner = fields.pop("owner", None) or make_cadre(case.village.township)
    values = {
        "number": case.problems.count() + 1,
        "title": f"第{case.problems.count() + 1}个问题",
        "category": make_category("C07", "村务财务公开和民主管理混乱"),
        "nature": Nature.ORDINARY,
        "source": ProblemSource.VISIT,
        "found_on": today - timedelta(days=60),
        "deadline": today + timedelta(days=60),
        "holder": fields.pop("holder", None) or holder_of(case),
        **fields,
    }
    return Problem.objects.create(case=case, status=status, owner=owner, **values)


def make_task(problem=None, case=None, **fields):
    """Make a task against a problem, or (problem None and case given) against the main type."""
    if problem is None and case is None:
        problem = make_problem()
    case = case or problem.case
    today = clock.today()
    values = {
        "category": problem.category if problem else case.main_category,
        "measure": "公开近三年账目",
        "owner": fields.pop("owner", None) or make_cadre(case.village.township),
        "holder": fields.pop("holder", None) or holder_of(case),
        "start_on": today - timedelta(days=40),
        "deadline": today + timedelta(days=40),
        **fields,
    }
    return Task.objects.create(case=case, problem=problem, **values)


def make_plan(case=None, **fields):
    case = case or make_case()
    values = {
        "causes": "班子长期不议事",
        "goal": "年底前恢复“四议两公开”",
        "measures": "调整班子，公开账目",
        "drafted_by": fields.pop("drafted_by", None) or holder_of(case),
        **fields,
    }
    return Plan.objects.create(case=case, **values)


def make_measure(district=None, text="", **fields):
    district = district or make_district()
    if not {"category", "cause", "cause_id"} & fields.keys():
        fields["category"] = make_category()
    text = text or f"第{Measure.objects.count() + 1}条措施"
    return Measure.objects.create(district=district, text=text, **fields)


def make_visit(case=None, **fields):
    case = case or make_case()
    values = {
        "visited_on": clock.today(),
        "visitor": fields.pop("visitor", None) or make_cadre(case.village.township),
        "audiences": ["veteran_member"],
        "findings": "老党员说账目还没有公开",
        "no_new_problem": True,
        "entered_by": fields.pop("entered_by", None) or holder_of(case),
        **fields,
    }
    return Visit.objects.create(case=case, **values)


def make_milestone(case, key, days=7):
    due = case.designated_on + timedelta(days=days)
    return Milestone.objects.create(case=case, key=key, name=key, number=1, due_on=due)
