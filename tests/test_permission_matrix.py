"""Every address × every role, inside and outside its area. How to add rows: see tests/matrix.py."""

import importlib.util
from pathlib import Path

import pytest
from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse

from accounts.roles import Role
from tests.matrix import OFFICE, ROLES, SYSADMIN, Row, World, foreigners

pytestmark = pytest.mark.django_db

# Addresses without an account. Each is listed here on purpose.
PUBLIC = {"accounts:sign_in", "accounts:sign_out"}
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
    "admin:view_on_site": Row({}, args=lambda w: [1, 1], others=404),
}


def named_urls(patterns, prefix=""):
    """Yield the full name of every address that has one."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{prefix}{pattern.name}"
        else:
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from named_urls(pattern.url_patterns, prefix + space)


def ask(client, name, row, world):
    """Send a row's request."""
    arguments = row.args(world) if row.args else []
    send = getattr(client, row.method)
    address = reverse(name, args=arguments) + row.query
    return send(address, row.data(world)) if row.method == "post" else send(address)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", MATRIX)
def test_each_role_gets_its_answer(client, name, role):
    world, row = World(), MATRIX[name]
    client.force_login(world.user(role))
    assert ask(client, name, row, world).status_code in row.expected(role)


@pytest.mark.parametrize("name", MATRIX)
def test_nobody_gets_in_without_signing_in(client, name):
    response = ask(client, name, MATRIX[name], World())
    if MATRIX[name].method == "post":
        assert response.status_code == 401
        assert "登录" in response.content.decode()
    else:
        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:sign_in"))


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.args and row.foreign])
def test_an_object_of_another_area_does_not_exist(client, name):
    row = MATRIX[name]
    entitled = [role for role in Role if not row.expected(role) & {403, 404}]
    wrong = []
    for role in entitled:
        for account in foreigners(role):
            client.force_login(account)
            status = ask(client, name, row, World()).status_code
            if status != row.foreign:
                wrong.append((role, account.division_id, status))
    assert not wrong


def test_every_address_is_in_the_matrix():
    found = set(named_urls(get_resolver().url_patterns))
    assert found == set(MATRIX) | PUBLIC


def test_every_model_of_the_admin_is_in_the_matrix():
    assert set(admin.site._registry) == set(ADMIN_MODELS)
