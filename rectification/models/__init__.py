"""The rectification of villages: standards, rounds, cases and what hangs on a case."""

from rectification.models.acceptance import Acceptance, FollowUp, RelapseSignal, StageAssessment
from rectification.models.cases import Case, CaseEvent, Milestone
from rectification.models.deadlines import Extension, Verdict
from rectification.models.handovers import Deputy, Handover
from rectification.models.library import Cause, Measure, Topic
from rectification.models.people import Assignment, Cadre
from rectification.models.problems import Escalation, Plan, Problem, Task, TaskProgress
from rectification.models.promises import HelpItem, Promise
from rectification.models.rounds import DepartmentOpinion, Round, Screening, TownshipSubmission
from rectification.models.standards import (
    Category,
    Criterion,
    MilestoneTemplate,
    Standard,
    StandardSlot,
    VisitFrequency,
)
from rectification.models.visits import Visit

__all__ = [
    "Acceptance",
    "Assignment",
    "Cadre",
    "Case",
    "CaseEvent",
    "Category",
    "Cause",
    "Criterion",
    "DepartmentOpinion",
    "Deputy",
    "Escalation",
    "Extension",
    "FollowUp",
    "Handover",
    "HelpItem",
    "Measure",
    "Milestone",
    "MilestoneTemplate",
    "Plan",
    "Problem",
    "Promise",
    "RelapseSignal",
    "Round",
    "Screening",
    "StageAssessment",
    "Standard",
    "StandardSlot",
    "Task",
    "TaskProgress",
    "Topic",
    "TownshipSubmission",
    "Verdict",
    "Visit",
    "VisitFrequency",
]
