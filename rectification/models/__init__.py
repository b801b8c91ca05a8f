"""The rectification of villages: standards, rounds, cases and what hangs on a case."""

from rectification.models.acceptance import Acceptance, FollowUp, RelapseSignal, StageAssessment
from rectification.models.cases import Case, CaseEvent, Milestone
from rectification.models.people import Assignment, Cadre
from rectification.models.problems import Escalation, Plan, Problem, Task, TaskProgress
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
    "Criterion",
    "DepartmentOpinion",
    "Escalation",
    "FollowUp",
    "Milestone",
    "MilestoneTemplate",
    "Plan",
    "Problem",
    "RelapseSignal",
    "Round",
    "Screening",
    "StageAssessment",
    "Standard",
    "StandardSlot",
    "Task",
    "TaskProgress",
    "TownshipSubmission",
    "Visit",
    "VisitFrequency",
]
