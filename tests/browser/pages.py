"""Which addresses are pages, and which of the demo's rows to open them with.

The addresses come from the permission matrix, so that no new page can be forgotten: one that holds
an object and has no line in ``ROWS`` fails ``test_every_page_knows_its_rows``.
"""

from itertools import groupby
from operator import itemgetter

from django.urls import reverse

from core.models import Feedback, Job
from rectification.choices import WORKING_STATUSES, CaseStatus
from rectification.models import (
    Acceptance,
    Assignment,
    Cadre,
    Case,
    DepartmentOpinion,
    Deputy,
    Escalation,
    Extension,
    FollowUp,
    Handover,
    HelpItem,
    Measure,
    Plan,
    Problem,
    Promise,
    RelapseSignal,
    Round,
    Screening,
    Task,
    Topic,
    TownshipSubmission,
    Visit,
)
from rectification.views.cases import TABS
from surveys.models import SurveyRecord
from tests.test_permission_matrix import ADMIN_MODELS, MATRIX
from villages.models import DivisionImport, SecretaryTerm, Village, VillageFile

CANDIDATES = 8  # rows tried before a page counts as one for which the demo has nothing

# Files, data for a script, and the helpers of the admin.
NO_PAGES = {
    "admin:jsi18n",
    "dashboards:chart_data",
    "rectification:cadre_export",
    "rectification:case_export",
    "rectification:follow_up_export",
    "rectification:opinion_export",
    "rectification:plan_document",
    "rectification:problem_export",
    "rectification:promise_export",
    "rectification:round_export",
    "rectification:screening_export",
    "rectification:submission_export",
    "rectification:task_export",
    "rectification:vacancy_export",
    "rectification:visit_export",
    "surveys:record_export",
    "villages:import_template",
    "villages:village_export",
}
# No account of the demo has such a row; test_pages.py opens these with rows of its own.
NOT_IN_DEMO = {
    "core:job_detail",
    "rectification:round_close",
    "rectification:round_open",
    "villages:import_preview",
}


def rows(model, *values, by=None, before=(), extra=(), **where):
    """Return a function that finds the arguments of an address for an account.

    It gives a list of groups, one for each value of the column ``by``; in each the visible rows,
    newest first, as arguments: ``before``, the ``values`` (the key by default), ``extra``.
    """
    columns = values or ("pk",)

    def find(user):
        scoped = getattr(model.objects, "visible_to", lambda user: model.objects.all())
        found = scoped(user).filter(**where).order_by(*[by] * bool(by), "-pk")
        lines = found.values_list(by or "pk", *columns)
        groups = groupby(lines, key=itemgetter(0) if by else lambda line: "")
        return [
            [[*before, *line[1:], *extra] for line in group][:CANDIDATES] for _, group in groups
        ]

    return find


def slots(user):
    """The slots of cases that are worked on: one that is filled."""
    found = Assignment.objects.visible_to(user).filter(
        case__status__in=WORKING_STATUSES, ended_on=None
    )
    return [list(map(list, found.order_by("-pk").values_list("case_id", "slot_id")))[:CANDIDATES]]


def files(user):
    found = VillageFile.objects.visible_to(user).order_by("-year", "pk")
    return [list(map(list, found.values_list("village_id", "year")[:CANDIDATES]))]


WORKED_ON = {"status__in": WORKING_STATUSES}
ROWS = {
    "core:feedback_reply": rows(Feedback),
    "core:job_detail": rows(Job),
    # villages
    "villages:village_detail": rows(Village),
    "villages:village_edit": rows(Village),
    "villages:village_file_edit": files,
    "villages:village_file_history": files,
    "villages:secretary_term_add": rows(Village),
    "villages:secretary_term_edit": rows(SecretaryTerm),
    "villages:import_preview": rows(DivisionImport),
    # rounds
    "rectification:round_detail": rows(Round, by="status"),
    "rectification:round_open": rows(Round, status="preparing"),
    "rectification:round_close": rows(Round, status="open"),
    "rectification:case_propose": rows(Round, status="open"),
    "rectification:screening_edit": rows(Screening, by="outcome"),
    "rectification:submission_detail": rows(TownshipSubmission, by="status"),
    "rectification:submission_submit": rows(TownshipSubmission, status__in=["open", "returned"]),
    "rectification:submission_return": rows(TownshipSubmission, status="submitted"),
    "rectification:opinion_answer": rows(DepartmentOpinion, answered_on=None),
    # cases
    "rectification:case_detail": rows(Case, by="status"),
    "rectification:case_step": rows(Case, extra=["extend"], status=CaseStatus.RECTIFYING),
    "rectification:village_strip": rows(Village),
    # people
    "rectification:cadre_detail": rows(Cadre),
    "rectification:cadre_edit": rows(Cadre),
    "rectification:assignment_add": slots,
    "rectification:assignment_end": rows(
        Assignment, ended_on=None, case__status__in=WORKING_STATUSES
    ),
    "rectification:assign_many": lambda user: [[["first_secretary"]]],
    "rectification:handover_add": lambda user: [
        *rows(Problem, case__status__in=WORKING_STATUSES, status="open", before=["problem"])(user),
        *rows(Task, holder=user, status="open", before=["task"])(user),
    ],
    "rectification:handover_detail": rows(Handover, by="status"),
    "rectification:handover_step": rows(Handover, extra=["withdraw"], status="proposed"),
    "rectification:deputy_add": rows(Cadre),
    "rectification:deputy_end": rows(Deputy),
    # promises, help, more time
    "rectification:promise_add": rows(Case, **WORKED_ON),
    "rectification:promise_detail": rows(Promise),
    "rectification:promise_edit": rows(Promise, arrived_on=None, withdrawn_on=None),
    "rectification:promise_step": rows(
        Promise, extra=["withdraw"], arrived_on=None, withdrawn_on=None
    ),
    "rectification:help_add": rows(Case, **WORKED_ON),
    "rectification:help_edit": rows(HelpItem),
    "rectification:problem_extend": rows(Problem, case__status__in=WORKING_STATUSES, status="open"),
    "rectification:task_extend": rows(Task, case__status__in=WORKING_STATUSES, status="open"),
    "rectification:extension_detail": rows(Extension, by="is_granted"),
    # the library of measures, plans side by side
    "rectification:measure_detail": rows(Measure),
    "rectification:measure_edit": rows(Measure),
    "rectification:measure_pick": rows(Case, **WORKED_ON),
    "rectification:plan_similar": rows(Plan),
    "rectification:plan_versions": rows(Case, **WORKED_ON),
    # taking a step back, topics, what each level says
    "rectification:case_undo": rows(Case, **WORKED_ON),
    "rectification:problem_undo": rows(Problem),
    "rectification:task_undo": rows(Task, case__status__in=WORKING_STATUSES, status="done"),
    "rectification:escalation_pass": rows(Escalation, answered_at=None, to_level="district"),
    "rectification:topic_add": lambda user: [[[code] for code in ("Y09", "Y05", "Y03", "Y12")]],
    "rectification:topic_detail": rows(Topic),
    "rectification:topic_edit": rows(Topic, answered_at=None),
    "rectification:topic_answer": rows(Topic, answered_at=None),
    "rectification:verdict_add": rows(Problem, case__status__in=WORKING_STATUSES),
    # problems and tasks
    "rectification:problem_add": rows(Case, **WORKED_ON),
    "rectification:problem_detail": rows(Problem, by="status"),
    "rectification:problem_edit": rows(Problem, case__status__in=WORKING_STATUSES),
    "rectification:problem_step": rows(
        Problem, extra=["hand_over"], case__status__in=WORKING_STATUSES, status="open"
    ),
    "rectification:escalation_add": rows(
        Problem, case__status__in=WORKING_STATUSES, status="open", level="village"
    ),
    "rectification:escalation_answer": rows(Escalation, answered_at=None),
    "rectification:task_add": rows(Case, **WORKED_ON),
    "rectification:task_detail": rows(Task, by="status"),
    "rectification:task_edit": rows(Task, case__status__in=WORKING_STATUSES),
    "rectification:task_step": rows(
        Task, extra=["finish"], case__status__in=WORKING_STATUSES, status="open"
    ),
    "rectification:progress_add": rows(Task, case__status__in=WORKING_STATUSES, status="open"),
    # plans
    "rectification:plan_add": rows(Case, plans=None, **WORKED_ON),
    "rectification:plan_detail": rows(Plan, by="status"),
    "rectification:plan_edit": rows(Plan, status__in=["drafting", "returned"]),
    "rectification:plan_decide": rows(Plan, status="submitted"),
    # visits
    "rectification:visit_add": rows(Case, status=CaseStatus.RECTIFYING),
    "rectification:visit_detail": rows(Visit),
    "rectification:visit_edit": rows(Visit, case__status=CaseStatus.RECTIFYING),
    # assessments, acceptance, look-backs, signals
    "rectification:assessment_add": rows(Case, status=CaseStatus.RECTIFYING),
    "rectification:acceptance_detail": rows(Acceptance, by="conclusion"),
    "rectification:acceptance_edit": rows(Acceptance, case__status=CaseStatus.INSPECTING),
    "rectification:follow_up_edit": rows(FollowUp, done_on=None),
    "rectification:signal_add": rows(Case, status=CaseStatus.TRANSFORMED),
    "rectification:signal_answer": rows(RelapseSignal, answered_on=None),
    # surveys
    "surveys:record_detail": rows(SurveyRecord, by="kind"),
    "surveys:record_edit": rows(SurveyRecord, by="kind"),
    "surveys:case_part": rows(Case, **WORKED_ON),
    "surveys:tally_edit": rows(Acceptance, case__status=CaseStatus.INSPECTING),
    # the admin
    "admin:app_list": lambda user: [[["rectification"], ["accounts"], ["divisions"]]],
    **{
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}": rows(model)
        for model in ADMIN_MODELS
        for page in ("change", "history")
    },
}
TABBED = "rectification:case_detail"
EMPTY = "?q=没有这样的字"
LISTS = {"_list", "_changelist"}


def pages():
    """The names of all pages: what answers somebody a GET with a page."""
    return [
        name
        for name, row in MATRIX.items()
        if row.method == "get"
        and name not in NO_PAGES
        and any(200 in row.expected(role) for role in row.status)
    ]


def variants(name, args):
    """The addresses of a page: the page itself, then its other faces."""
    address = reverse(name, args=args) + MATRIX[name].query
    yield address
    if name == TABBED:
        yield from (f"{address}?tab={tab}" for tab in TABS)
    elif name.endswith("_list") and not name.startswith("admin:"):
        yield f"{address}{EMPTY}"
    elif name == "dashboards:dashboard":
        yield f"{address}?year=all"
