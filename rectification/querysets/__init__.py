"""Which rows of a case an account sees, and the filters that several pages share."""

from rectification.querysets.acceptance import FollowUpQuerySet, SignalQuerySet
from rectification.querysets.cases import (
    AssignmentQuerySet,
    CadreQuerySet,
    CaseEventQuerySet,
    CaseQuerySet,
    CaseRowQuerySet,
    case_scope,
    year_scope,
)
from rectification.querysets.execution import (
    CauseQuerySet,
    DeputyQuerySet,
    ExtensionQuerySet,
    HandoverQuerySet,
    HelpItemQuerySet,
    MeasureQuerySet,
    PromiseQuerySet,
    TopicQuerySet,
    VerdictQuerySet,
)
from rectification.querysets.problems import (
    EscalationQuerySet,
    PlanQuerySet,
    ProblemQuerySet,
    TaskQuerySet,
)
from rectification.querysets.rounds import (
    OpinionQuerySet,
    RoundQuerySet,
    ScreeningQuerySet,
    StandardQuerySet,
    StandardSlotQuerySet,
    SubmissionQuerySet,
)

__all__ = [
    "AssignmentQuerySet",
    "CadreQuerySet",
    "CaseEventQuerySet",
    "CaseQuerySet",
    "CaseRowQuerySet",
    "CauseQuerySet",
    "DeputyQuerySet",
    "EscalationQuerySet",
    "ExtensionQuerySet",
    "FollowUpQuerySet",
    "HandoverQuerySet",
    "HelpItemQuerySet",
    "MeasureQuerySet",
    "OpinionQuerySet",
    "PlanQuerySet",
    "ProblemQuerySet",
    "PromiseQuerySet",
    "RoundQuerySet",
    "ScreeningQuerySet",
    "SignalQuerySet",
    "StandardQuerySet",
    "StandardSlotQuerySet",
    "SubmissionQuerySet",
    "TaskQuerySet",
    "TopicQuerySet",
    "VerdictQuerySet",
    "case_scope",
    "year_scope",
]
