"""措施库: measures added and changed by the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from accounts.roles import Permission
from core import policy
from core.exceptions import Conflict, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from rectification.models import Measure


def save_measure(save: Callable[[], Measure], *, by: User) -> Measure:
    """Save a new or edited measure; its history keeps the former wording."""
    if not by.can(Permission.MEASURE_EDIT):
        raise NotAllowed("措施库由组织部编制")
    try:
        with transaction.atomic():
            measure = save()
            policy.check(measure.text, measure.result_wanted)
            return measure
    except IntegrityError as error:
        raise Conflict("措施库里刚由他人加了同一条措施，请刷新") from error
