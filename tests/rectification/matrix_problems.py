"""Rows of the matrix: what the levels say about problems, undoing, topics, the board, first entry."""

from tests.matrix import Row
from tests.rectification.matrix_items import STAFF, problem_in

PROBLEMS = {
    "rectification:verdict_add": Row(STAFF, args=lambda w: [problem_in(w).pk]),
}
