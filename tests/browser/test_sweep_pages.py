"""Every page of every role, with the demo data, on an office PC and on a phone.

No error on the console (a block by the security policy shows there), nothing wider than the window,
a Chinese title, and no serious finding of axe.
"""

import re

import pytest
from django.urls import reverse

from accounts.demo import DEMO_PASSWORD
from accounts.models import User
from tests.browser.pages import CANDIDATES, NOT_IN_DEMO, ROWS, pages, variants
from tests.matrix import ROLES
from tests.test_permission_matrix import MATRIX
from tests.tools.browser import SIZES, new_page, overflow, sign_in
from tests.tools.site import demo_site  # noqa: F401 - fixture

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
GRAVE = {"serious", "critical"}
# Without preload, for which axe writes inline styles that the policy blocks.
RUN_AXE = """axe.run(document, {resultTypes: ["violations"], preload: false}).then(found =>
    found.violations.map(rule => [
        rule.impact, rule.id, rule.nodes.slice(0, 3).map(node => node.html)
    ]))"""
LOADS_MORE = "[data-chart], [hx-trigger~=load], [hx-trigger~=revealed]"
REFUSED = {"/no-such-page/": 404, "/audit/": 403}


def test_every_page_knows_its_rows():
    assert {name for name in pages() if MATRIX[name].args} == set(ROWS)


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_sound(demo_site, chromium, role, size):  # noqa: F811
    width, height = SIZES[size]
    account = User.objects.get(username=f"{role.value}1")
    page = new_page(chromium, demo_site, width=width, height=height)
    sign_in(page, account.username, DEMO_PASSWORD)
    found = {}
    for name in pages():
        opened = addresses(page, account, name)
        if not opened and 200 in MATRIX[name].expected(role) and name not in NOT_IN_DEMO:
            found[name] = ["the demo has no row"]
        for address in opened:
            found[address] = faults_of(page, address)
    for address, status in REFUSED.items() if role != "auditor" else ():
        found[address] = faults_of(page, address, status)
    page.context.close()
    print(f"{role.value}, {size}: {len(found)} pages")
    wrong = [f"{address}: {fault}" for address, faults in found.items() for fault in faults]
    assert not wrong, "\n".join(wrong)


def addresses(page, account, name):
    """The addresses of a page that an account can open in the demo."""
    row = MATRIX[name]
    expected = row.expected(account.role)
    if not expected & {200, 404} or (404 in expected and not row.args):
        return []
    groups = ROWS[name](account) if row.args else [[[]]]
    opened = [args for group in groups if (args := first_open(page, name, group)) is not None]
    return [address for args in opened for address in variants(name, args)]


def first_open(page, name, candidates):
    """The first arguments with which a page opens."""
    for args in candidates[:CANDIDATES]:
        if page.request.get(reverse(name, args=args), max_redirects=0).status == 200:
            return args
    return None


def faults_of(page, address, status=200):
    """Everything that is wrong with a page, in words."""
    page.errors.clear()
    answer = page.goto(address)
    if page.locator(LOADS_MORE).count():
        page.wait_for_load_state("networkidle")
    found = [] if answer.status == status else [f"answered {answer.status}"]
    if not CHINESE.search(page.title()):
        found.append(f"title: {page.title()}")
    if (pixels := overflow(page)) > 0:
        found.append(f"{pixels} px too wide")
    page.evaluate(axe_playwright.Axe().axe_script)
    found += [rule for rule in page.evaluate(RUN_AXE) if rule[0] in GRAVE]
    refusal = f"status of {status}"
    return found + [line for line in page.errors if refusal not in line]
