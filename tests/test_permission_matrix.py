"""Every address × every role, inside and outside its area. How to add rows: see tests/matrix.py."""

import importlib.util
import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from accounts.roles import Role
from tests.matrix import OFFICE, ROLES, SYSADMIN, Row, World, foreigners

pytestmark = pytest.mark.django_db

# Addresses without an account. Each is listed here on purpose.
PUBLIC = {"accounts:sign_in", "accounts:sign_out", "/favicon.ico"}
# What stands for an argument in the path of an address without a name.
ARGUMENT = re.compile(r"\(\?P<\w+>[^)]*\)\$?|<[^>]+>")
HERE = Path(__file__).parent


def load_rows():
    """Join the tables of all apps; two rows for one address are an error."""
    rows, models = {}, {}
    for path in sorted(HERE.glob("*/matrix.py")):
        spec = importlib.util.spec_from_file_location(f"matrix_{path.parent.name}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert not rows.keys() & module.MATRIX.keys(), path
        rows |= module.MATRIX
        models |= getattr(module, "ADMIN", {})
    return rows, models


def admin_rows(model, row):
    """Derive the rows of a registered model: the staff roles get 200 or 403, all others 404."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    staff = {OFFICE: 403, SYSADMIN: 403}
    hidden = {role: {403, 404} for role in staff}  # no right, or no such row for this role
    args = {"args": lambda w: [row.make(w).pk], "others": 404, "foreign": row.foreign}
    readers = dict.fromkeys(row.view | row.change, 200)
    seen, seen_rows = {**staff, **readers}, {**hidden, **readers}
    return {
        f"{name}_changelist": Row(seen, others=404),
        f"{name}_add": Row({**staff, **dict.fromkeys(row.add, 200)}, others=404),
        f"{name}_change": Row(seen_rows, **args),
        f"{name}_history": Row(seen_rows, **args),
        f"{name}_delete": Row(hidden, **args),
        # Leads to the change page, where the scope is asked; only staff are led.
        f"/{name.replace(':', '/').replace('_', '/', 1)}/<path:object_id>/": Row(
            dict.fromkeys(staff, 302), **{**args, "foreign": 302}
        ),
    }


ROWS, ADMIN_MODELS = load_rows()
STAFF_PAGE = Row({OFFICE: 200, SYSADMIN: 200}, others=404)
CLOSED = Row({}, others=404)
MATRIX = {
    **ROWS,
    **{
        name: row
        for model in ADMIN_MODELS
        for name, row in admin_rows(model, ADMIN_MODELS[model]).items()
    },
    "admin:index": STAFF_PAGE,
    "admin:jsi18n": STAFF_PAGE,
    "admin:app_list": Row(
        {OFFICE: 200, SYSADMIN: 200}, args=lambda w: ["divisions"], others=404, foreign=None
    ),
    # Without a field to complete, the staff roles are refused; others do not find the address.
    "admin:autocomplete": Row({OFFICE: 403, SYSADMIN: 403}, others=404),
    # Accounts sign in and out on our own pages.
    "admin:login": CLOSED,
    "admin:logout": CLOSED,
    "admin:password_change": CLOSED,
    "admin:password_change_done": CLOSED,
    "/admin/(?P<url>.*)$": Row({}, args=lambda w: ["nothing"], others=404),
    "admin:view_on_site": Row({}, args=lambda w: [1, 1], others=404),
}


def every_address(patterns, prefix="", path="/"):
    """Yield the full name of every address, and the path of those without a name."""
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}" if pattern.name else here
        else:
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from every_address(pattern.url_patterns, prefix + space, here)


def address_of(name, arguments):
    """Return the address of a name, or of a path with its arguments filled in."""
    if not name.startswith("/"):
        return reverse(name, args=arguments)
    given = iter(arguments)
    return ARGUMENT.sub(lambda match: str(next(given)), name)


class Question:
    """One address, with the objects it needs, asked again and again in an untouched world."""

    def __init__(self, name):
        self.world, self.row = World(), MATRIX[name]
        arguments = self.row.args(self.world) if self.row.args else []
        self.data = self.row.data(self.world) if self.row.method == "post" else None
        self.address = address_of(name, arguments) + self.row.query

    def ask(self, client, account=None):
        """Return the answer to an account, or to nobody; undo what it wrote."""
        if account:
            client.force_login(account)
        with transaction.atomic():
            response = getattr(client, self.row.method)(self.address, self.data)
            transaction.set_rollback(True)
        return response


@pytest.mark.parametrize("name", MATRIX)
def test_each_role_gets_its_answer(client, name):
    question = Question(name)
    accounts = {role: question.world.user(role) for role in ROLES}
    found = {role: question.ask(client, account).status_code for role, account in accounts.items()}
    wrong = {role: got for role, got in found.items() if got not in question.row.expected(role)}
    assert not wrong, f"expected {[(role, question.row.expected(role)) for role in wrong]}"


@pytest.mark.parametrize("name", MATRIX)
def test_nobody_gets_in_without_signing_in(client, name):
    question = Question(name)
    response = question.ask(client)
    if question.row.method == "post":
        assert response.status_code == 401
        assert "登录" in response.content.decode()
    else:
        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:sign_in"))


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.args and row.foreign])
def test_an_object_of_another_area_does_not_exist(client, name):
    question = Question(name)
    entitled = [role for role in Role if not question.row.expected(role) & {403, 404}]
    accounts = [account for role in entitled for account in foreigners(role)]
    found = {
        (account.role, account.division_id): question.ask(client, account).status_code
        for account in accounts
    }
    assert {who: got for who, got in found.items() if got != question.row.foreign} == {}


def test_every_address_is_in_the_matrix():
    found = set(every_address(get_resolver().url_patterns))
    assert found == set(MATRIX) | PUBLIC


def test_every_model_of_the_admin_is_in_the_matrix():
    assert set(admin.site._registry) == set(ADMIN_MODELS)
