"""What an account may do with a row now, told from the tables and the rows and by no service.

Each function answers yes or no. Rules are written anew here, as plainly as the domain puts them:
where they and the services disagree, one of the two is wrong.
"""

from accounts.models import User
from accounts.roles import ROLE_PERMISSIONS, Permission, Role
from core import clock
from rectification.choices import (
    DESIGNATED_STATUSES,
    WORKING_STATUSES,
    AnswerKind,
    HandoverStatus,
    Level,
    ProblemStatus,
    TaskStatus,
)
from rectification.models import (
    Assignment,
    CaseEvent,
    Escalation,
    Extension,
    Handover,
    Problem,
    Task,
    Topic,
    Verdict,
)
from rectification.workflow_handovers import HANDOVER_STEPS
from rectification.workflow_problems import PROBLEM_STEPS, TASK_STEPS

S, P = ProblemStatus, Permission
UNFINISHED = {S.OPEN, S.CLOSING, S.TRACKED}
HOLDERS = {Role.OFFICE, Role.TOWNSHIP, Role.HELPER}


def can(user, permission):
    return permission in ROLE_PERMISSIONS[Role(user.role)]


def active(role, division, department=""):
    return [
        user
        for user in User.objects.filter(is_active=True, role=role, division=division).order_by("pk")
        if user.department == department
    ]


def people_on(case):
    """The cadres who help a village today."""
    today = clock.today()
    return [
        cadre
        for row in Assignment.objects.filter(case=case)
        if row.started_on <= today and (row.ended_on is None or row.ended_on > today)
        for cadre in (row.cadre, row.liaison)
        if cadre
    ]


def sees(user, case):
    match user.role:
        case Role.OFFICE | Role.LEADER:
            return case.village.code[:6] == user.division_id[:6]
        case Role.TOWNSHIP:
            return case.village.township_id == user.division_id
        case Role.HELPER:
            return any(cadre.account_id == user.pk for cadre in people_on(case))
    return False


def holder(item):
    """Whose account keeps an item: the owner's, else the township's first, else the office's."""
    account = item.owner.account
    if account and account.is_active and account.role in HOLDERS and sees(account, item.case):
        return account
    staff = active(Role.TOWNSHIP, item.case.village.township_id)
    return (staff or active(Role.OFFICE, item.case.round.district_id))[0]


# --- problems and tasks ---------------------------------------------------------------------------


def is_hard(problem):
    return problem.is_historical or problem.category_id == problem.case.main_category_id


def waits(problem):
    return Escalation.objects.filter(problem=problem, answered_at=None).exists()


def has_open_tasks(problem):
    return Task.objects.filter(problem=problem, status=TaskStatus.OPEN).exists()


def solved(problem):
    """Nothing speaks against its being solved: tasks, parts, what it waits for, the levels."""
    said = {row.level: row.value for row in Verdict.objects.filter(problem=problem).order_by("pk")}
    highest = next(
        (said[level] for level in ("district", "township", "village") if level in said), ""
    )
    first = [*Problem.objects.filter(parent=problem), *problem.waits_for.all()]
    over = all(row.status not in UNFINISHED for row in first)
    return over and not has_open_tasks(problem) and highest != "unsolved"


def stands_open(problem):
    """Nothing that rests on it is closed."""
    above = [*problem.waited_by.all(), *([problem.parent] if problem.parent else [])]
    return all(row.status != S.CLOSED for row in above)


def doers(problem):
    events = CaseEvent.objects.filter(problem=problem)
    done = events.filter(action__in=("progress", "task_finish", "topic_answer"))
    return {problem.closing_by_id, *done.values_list("by", flat=True)}


def problem_step(user, problem, action):
    step, case = PROBLEM_STEPS[action], problem.case
    holds = {
        "request_close": lambda: solved(problem) and not waits(problem),
        "approve_close": lambda: solved(problem) and user.pk not in doers(problem),
        "refuse_close": lambda: True,
        "hand_over": lambda: not waits(problem),
        "track": lambda: not waits(problem),
        "give_up": lambda: not waits(problem) and not has_open_tasks(problem),
        "reopen": lambda: case.status in WORKING_STATUSES and stands_open(problem),
    }
    return (
        sees(user, case)
        and can(user, step.permission)
        and problem.status in step.sources
        and case.status in DESIGNATED_STATUSES
        and holds[action]()
    )


def task_step(user, task, action):
    step, problem = TASK_STEPS[action], task.problem
    own = user.pk in {task.holder_id, task.owner.account_id} or can(user, P.PROBLEM_EDIT)
    return (
        sees(user, task.case)
        and can(user, step.permission)
        and task.status in step.sources
        and task.case.status in DESIGNATED_STATUSES
        and problem.status in {S.OPEN, S.TRACKED, *({S.HANDED_OVER} if action != "reopen" else ())}
        and (own or action != "finish")
    )


def add_problem(user, case, parent):
    working = case.status in WORKING_STATUSES
    fits = parent is None or parent.status != S.CLOSED
    return sees(user, case) and can(user, P.PROBLEM_EDIT) and working and fits


def wait_for(user, problem, first):
    may = sees(user, problem.case) and can(user, P.PROBLEM_EDIT)
    return may and problem.status in UNFINISHED and not waits_in_a_circle(problem, first)


def add_task(user, problem):
    fits = problem.case.status in DESIGNATED_STATUSES and problem.status in {S.OPEN, S.TRACKED}
    return sees(user, problem.case) and can(user, P.PROBLEM_EDIT) and fits


def add_progress(user, task):
    fits = task.case.status in DESIGNATED_STATUSES and task.status == TaskStatus.OPEN
    return sees(user, task.case) and can(user, P.PROGRESS_ADD) and fits


def judge(user, problem, level):
    speaks = {Role.TOWNSHIP: {"village", "township"}, Role.OFFICE: {"district"}}
    return sees(user, problem.case) and level in speaks.get(user.role, ())


# --- questions and topics -------------------------------------------------------------------------


def escalate(user, problem):
    return (
        sees(user, problem.case)
        and (can(user, P.PROBLEM_EDIT) or can(user, P.PROGRESS_ADD))
        and problem.status == S.OPEN
        and problem.case.status in DESIGNATED_STATUSES
        and problem.level != Level.ABOVE
        and not waits(problem)
    )


def owing(question):
    """The accounts of the one unit that owes an answer."""
    district = question.problem.case.round.district_id
    if question.department:
        staff = active(Role.DEPARTMENT, district, question.department)
    elif question.to_level == Level.TOWNSHIP:
        staff = active(Role.TOWNSHIP, question.problem.case.village.township_id)
    else:
        staff = []
    return staff or active(Role.OFFICE, district)


def owing_topic(topic):
    staff = active(Role.DEPARTMENT, topic.district_id, topic.department) if topic.department else []
    return staff or active(Role.OFFICE, topic.district_id)


def answer(user, question, kind):
    up = question.to_level != Level.ABOVE and user.role != Role.DEPARTMENT
    fits = kind != AnswerKind.WITHDRAWN and (kind != AnswerKind.PASSED_ON or up)
    return question.answered_at is None and user in owing(question) and fits


def pass_on(user, question):
    asked = question.to_level == Level.DISTRICT and question.answered_at is None
    return asked and user.role == Role.OFFICE and sees(user, question.problem.case)


def make_topic(user, rows):
    fits = all(row.status in UNFINISHED and row.topic_id is None for row in rows)
    seen = all(sees(user, row.case) for row in rows)
    return user.role == Role.OFFICE and seen and fits and len({r.case.village_id for r in rows}) > 1


def answer_topic(user, topic):
    return topic.answered_at is None and user in owing_topic(topic)


# --- handing over, more time, people --------------------------------------------------------------


def giver(item):
    return item.cadre or item.liaison if isinstance(item, Assignment) else item.owner


def is_live(item):
    if isinstance(item, Assignment):
        return item.ended_on is None
    return item.status in (UNFINISHED if isinstance(item, Problem) else {TaskStatus.OPEN})


def is_live_handover(row):
    return is_live(row.item) and giver(row.item) == row.from_cadre


def propose(user, item, to_cadre):
    is_slot = isinstance(item, Assignment)
    statuses = WORKING_STATUSES if is_slot else DESIGNATED_STATUSES
    own = {giver(item).account_id} | (set() if is_slot else {item.holder_id})
    waiting = item.handovers.filter(status=HandoverStatus.PROPOSED)
    return (
        sees(user, item.case)
        and can(user, P.HANDOVER)
        and (can(user, P.ASSIGN if is_slot else P.PROBLEM_EDIT) or user.pk in own)
        and is_live(item)
        and item.case.status in statuses
        and to_cadre != giver(item)
        and not any(is_live_handover(row) for row in waiting)
    )


def keepers(row):
    """Who may answer a handover: the receiver, or the units that keep for who cannot."""
    account = row.to_cadre.account
    if account and account.is_active and account.role in HOLDERS:
        return [account]
    staff = active(Role.TOWNSHIP, row.case.village.township_id)
    return staff or active(Role.OFFICE, row.case.round.district_id)


def handover_step(user, row, action):
    step = HANDOVER_STEPS[action]
    arranges = can(user, P.ASSIGN if row.assignment_id else P.PROBLEM_EDIT)
    holds = {
        "accept": lambda: user in keepers(row) and is_live_handover(row),
        "refuse": lambda: user in keepers(row),
        "withdraw": lambda: arranges or row.proposed_by == user,
    }
    seen = sees(user, row.case) or row.to_cadre.account == user
    return seen and can(user, step.permission) and row.status in step.sources and holds[action]()


def ask_time(user, item, wanted):
    own = user.pk in {item.holder_id, item.owner.account_id} and can(user, P.PROGRESS_ADD)
    return (
        sees(user, item.case)
        and (own or can(user, P.PROBLEM_EDIT))
        and item.status in {S.OPEN, TaskStatus.OPEN}
        and item.case.status in DESIGNATED_STATUSES
        and wanted > item.deadline
        and not item.extensions.filter(is_granted=None).exists()
    )


def deciders(row):
    """The office, the township what is the village's to solve, a leader what the office asked."""
    problem = row.item if row.problem_id else row.item.problem
    staff = active(Role.OFFICE, row.case.round.district_id)
    if problem is None or problem.level == Level.VILLAGE:
        staff += active(Role.TOWNSHIP, row.case.village.township_id)
    if row.asked_by.role == Role.OFFICE:
        staff += active(Role.LEADER, row.case.round.district_id)
    return [user for user in staff if user.pk != row.asked_by_id]


def decide(user, row, *, is_granted):
    item = row.item
    runs = item.status in {S.OPEN, TaskStatus.OPEN} and item.deadline == row.former
    return row.is_granted is None and user in deciders(row) and (runs or not is_granted)


def may_assign(user, case):
    return sees(user, case) and can(user, P.ASSIGN)


def assign(user, case, person):
    former = Assignment.objects.filter(case=case, ended_on=None).first()
    is_new = former is None or former.cadre != person
    return may_assign(user, case) and case.status in WORKING_STATUSES and is_new


def answerable(row):
    """The accounts that may do what waits: for a question, a topic, a handover or a request."""
    match row:
        case Escalation():
            return owing(row)
        case Topic():
            return owing_topic(row)
        case Handover():
            return keepers(row)
        case Extension():
            return deciders(row)
    raise TypeError(row)


def is_running(item):
    """Whether an item runs against its deadline."""
    return item.status in {S.OPEN, TaskStatus.OPEN}


def waits_in_a_circle(problem, first):
    """Whether a problem would wait for itself once it waits for ``first`` alone."""
    ahead, found = [first, *problem.children.all()], set()
    while ahead:
        row = ahead.pop()
        if row == problem:
            return True
        if row.pk not in found:
            found.add(row.pk)
            ahead += [*row.waits_for.all(), *row.children.all()]
    return False
