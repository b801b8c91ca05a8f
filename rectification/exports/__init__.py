"""Tables to take along. Each takes the scoped, filtered rows of a page and writes what it shows."""

from rectification.exports.cases import case_table, follow_up_table
from rectification.exports.items import problem_table, task_table, visit_table
from rectification.exports.people import cadre_table, vacancy_table
from rectification.exports.rounds import (
    opinion_table,
    round_table,
    screening_table,
    submission_table,
)

__all__ = [
    "cadre_table",
    "case_table",
    "follow_up_table",
    "opinion_table",
    "problem_table",
    "round_table",
    "screening_table",
    "submission_table",
    "task_table",
    "vacancy_table",
    "visit_table",
]
