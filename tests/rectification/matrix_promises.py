"""Rows of the matrix: holidays, extensions, promises, help items; the helper is on the case."""

from tests.matrix import SYSADMIN, Row, any_role

PROMISES = {
    # holidays and working days
    "rectification:calendar": Row(any_role()),
    "rectification:calendar_import": Row({SYSADMIN: 200}),
}
