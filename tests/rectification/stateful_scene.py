"""The village, its people and what they may happen to do, for test_stateful.py."""

from datetime import timedelta
from types import SimpleNamespace

from hypothesis import strategies as st

from accounts.models import User
from accounts.roles import Role
from core import clock
from rectification.choices import (
    PlanStatus,
    ProblemSource,
    ProblemStatus,
)
from rectification.models import (
    Acceptance,
    Assignment,
    Cadre,
    Case,
    CaseEvent,
    Escalation,
    Extension,
    FollowUp,
    Handover,
    Milestone,
    Problem,
    Task,
    TaskProgress,
    Topic,
    Verdict,
)
from rectification.services import (
    cases,
    problems,
    tasks,
)
from tests.factories import make_district, make_division, make_user, make_village
from tests.rectification.factories import (
    make_cadre,
    make_case,
    make_category,
    make_cause,
    make_helper,
    make_plan,
    make_problem,
    make_round,
    make_slot,
)

S = ProblemStatus
ROWS = (
    User, Cadre, Case, Problem, Task, Escalation, Handover, Extension, Topic, CaseEvent, Acceptance,
    Assignment, Milestone, FollowUp, TaskProgress, Verdict,
    Problem.waits_for.through, Acceptance.team.through,
)  # fmt: skip
MOST = 5  # problems, and tasks: enough for parts, few enough to meet again
ACTORS = (
    "office", "township", "second_office", "second_township", "helper", "newcomer", "civil",
    "other_township", "other_office", "leader", "auditor",
)  # fmt: skip
WORDS = "写明白了"
CASE_ACTS = ("start", "apply", "send_back", "inspect", "extend", "release", "end")

whoever = st.integers(min_value=0, max_value=len(ACTORS) - 1)
departments = st.sampled_from(("civil", "politics_law", ""))
kinds = st.sampled_from((Problem, Task, Assignment))
AT_WORK = ACTORS[:7]
picks = st.integers(min_value=0, max_value=MOST)
# Whether somebody means well: takes what is theirs to do and fills in everything.
meant = st.sampled_from((True, True, True, False))


def rows_of_everything():
    return {model: sorted(map(repr, model.objects.values_list())) for model in ROWS}


def page_of(row):
    """The page where something is done with a row; a question is answered on its own."""
    return f"/escalations/{row.pk}/" if isinstance(row, Escalation) else row.get_absolute_url()


def make_scene():
    """A designated village with its people, a proposed one beside it, and one further off."""
    district, today = make_district(), clock.today()
    near, far = make_division("990101001"), make_division("990101002")
    scene = SimpleNamespace(
        office=make_user(Role.OFFICE, district),
        second_office=make_user(Role.OFFICE, district),
        township=make_user(Role.TOWNSHIP, near),
        second_township=make_user(Role.TOWNSHIP, near),
        other_township=make_user(Role.TOWNSHIP, far),
        other_office=make_user(Role.OFFICE, make_district("990102")),
        leader=make_user(Role.LEADER, district),
        auditor=make_user(Role.AUDITOR, district),
        civil=make_user(Role.DEPARTMENT, district),
        newcomer=make_user(Role.HELPER, district),
        cause=make_cause(),
    )
    scene.case, scene.proposed = (propose(scene, near, today) for _ in range(2))
    cases.designate(
        scene.case,
        by=scene.office,
        on=today - timedelta(days=100),
        minutes_no="3 号",
        deadline=today + timedelta(days=80),
    )
    make_plan(
        scene.case,
        status=PlanStatus.APPROVED,
        drafted_by=scene.township,
        decided_by=scene.office,
        decided_on=today,
    )
    scene.slot = make_slot(scene.case.round.standard)
    scene.helper = make_helper(scene.case, scene.slot)
    newcomer = make_cadre(district, name="新书记", account=scene.newcomer)
    scene.cadres = [make_cadre(near, name="无账号"), scene.helper.cadre, newcomer]
    scene.judge = make_cadre(district, name="验收组长")
    elsewhere = make_case(make_village(far))
    scene.elsewhere = make_problem(
        elsewhere, cause=scene.cause, nature="major", holder=scene.other_township
    )
    for owner in scene.cadres[:2]:
        problem = enter_problem(scene.case, scene.township, owner, scene.cause)
        enter_task(problem, scene.township, owner)
    return scene


def propose(scene, township, today):
    return cases.propose(
        make_village(township),
        round=make_round(make_district()),
        by=scene.office,
        on=today - timedelta(days=110),
        main_category=make_category(),
    )


def enter_problem(case, by, owner, cause, **fields):
    today = clock.today()
    problem = Problem(
        case=case,
        title="第几个问题",
        category=make_category("C07", "村务财务公开和民主管理混乱"),
        nature="ordinary",
        source=ProblemSource.VISIT,
        found_on=today,
        deadline=today + timedelta(days=60),
        owner=owner,
        cause=cause,
        **fields,
    )
    return problems.add_problem(problem, by=by)


def enter_task(problem, by, owner):
    today = clock.today()
    task = Task(
        case=problem.case,
        problem=problem,
        category=problem.category,
        measure="公开账目",
        owner=owner,
        start_on=today,
        deadline=today + timedelta(days=40),
    )
    return tasks.add_task(task, by=by)
