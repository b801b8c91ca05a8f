"""Loading divisions and villages: rows to a staging table, checked as a set, into place in one go.

``check`` leaves a :class:`DivisionImport` that says what would happen; ``apply`` makes exactly that
happen or nothing. A file of any size passes through in chunks: no step holds all of its rows.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO

from divisions.imports import UnreadableFile, open_divisions
from villages.imports.checks import check_set
from villages.imports.staging import (
    REFUSALS_SHOWN,
    STATE,
    Findings,
    Place,
    TooManyRows,
    clear_rows,
    clear_stale,
    stage,
)
from villages.imports.taking import apply, former_names
from villages.models import DivisionImport

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from accounts.models import User

__all__ = ["REFUSALS_SHOWN", "TooManyRows", "apply", "check", "former_names", "give_up"]


def check(
    content: BinaryIO | Any,
    filename: str,
    *,
    owner: User | None = None,
    valid_from: date | None = None,
    limit: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> DivisionImport:
    """Read and check a file; say what it would change, or all that is wrong with it.

    With ``limit``, a file of more rows raises TooManyRows and leaves nothing.
    """
    clear_stale()
    run = DivisionImport.objects.create(
        owner=owner, filename=filename[-200:], valid_from=valid_from
    )
    place, findings = Place.of(owner) if owner else None, Findings()
    with ExitStack() as undo:
        undo.callback(give_up, run)
        try:
            with open_divisions(content, filename) as opened:
                stage(run, opened, place, findings, limit=limit, progress=progress)
                run.notices = opened.notices
        except UnreadableFile as error:
            findings.of_set = [error.refusal]
        else:
            check_set(run, place, findings)
        _conclude(run, findings)
        undo.pop_all()
    if run.state == STATE.REFUSED:
        clear_rows(run)
    return run


def give_up(run: DivisionImport) -> None:
    """Drop a check that nobody will confirm, with all its rows."""
    clear_rows(run)
    run.delete()


def _conclude(run: DivisionImport, findings: Findings) -> None:
    run.refused_count = findings.unstaged + run.rows.filter(refused=True).count()
    run.refusals = [list(refusal) for refusal in findings.first()]
    run.state = STATE.REFUSED if run.refusals else STATE.READY
    run.save()
