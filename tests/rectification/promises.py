"""Plain functions that make promises and help items for tests."""

from datetime import timedelta
from decimal import Decimal

from core import clock
from rectification.choices import HelpKind, PromiseKind
from rectification.models import HelpItem, Promise
from tests.rectification.factories import holder_of, make_case


def make_promise(case=None, *, by=None, **fields):
    case = case or make_case()
    today = clock.today()
    values = {
        "kind": PromiseKind.MONEY,
        "what": "村部改造资金",
        "amount": Decimal("20"),
        "unit_name": "区财政局",
        "promised_on": today - timedelta(days=40),
        "due_on": today + timedelta(days=20),
        "entered_by": by or holder_of(case),
        **fields,
    }
    return Promise.objects.create(case=case, **values)


def make_help(case, kind=HelpKind.ECONOMY, **fields):
    values = {
        "on": clock.today(),
        "what": "引进合作社",
        "unit_name": "区供销社",
        "entered_by": fields.pop("by", None) or holder_of(case),
        **fields,
    }
    return HelpItem.objects.create(case=case, kind=kind, **values)
