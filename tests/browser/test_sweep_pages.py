"""Every page of every role, with the demo data, as wide as an office PC and as a phone.

A page is opened once and then made narrow, as a window is: no page depends on the width at which
it was opened.

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
NEXT_FRAME = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LOADS_MORE = "[data-chart], [hx-trigger~=load], [hx-trigger~=revealed]"
REFUSED = {"/no-such-page/": 404, "/audit/": 403}


def test_every_page_knows_its_rows():
    assert {name for name in pages() if MATRIX[name].args} == set(ROWS)


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_sound(demo_site, chromium, role):  # noqa: F811
    found, missing = {}, pages()
    for account in accounts_of(role):
        if not any(arguments(account, name) for name in missing):
            continue
        page = new_page(chromium, demo_site)
        sign_in(page, account.username, DEMO_PASSWORD)
        for name in list(missing):
            opened = addresses(page, account, name)
            found |= {address: faults_of(page, address) for address in opened}
            if opened or 200 not in MATRIX[name].expected(role) or name in NOT_IN_DEMO:
                missing.remove(name)
        page.context.close()
    print(f"{role.value}: {len(found)} pages")
    wrong = [f"{address}: {fault}" for address, faults in found.items() for fault in faults]
    assert not wrong + missing, "\n".join(wrong + missing)


@pytest.mark.sweep
@pytest.mark.django_db
def test_a_refusal_is_a_sound_page(demo_site, chromium):  # noqa: F811
    page = new_page(chromium, demo_site)
    sign_in(page, "office1", DEMO_PASSWORD)
    assert {address: faults_of(page, address, status) for address, status in REFUSED.items()} == {
        address: [] for address in REFUSED
    }
    page.context.close()


def accounts_of(role):
    """All accounts of a role, the first one first: the others have what its area lacks."""
    first = f"{role.value}1"
    return sorted(
        User.objects.filter(role=role, is_active=True), key=lambda user: user.username != first
    )


def arguments(account, name):
    """The arguments a page may open with for an account, in groups."""
    row = MATRIX[name]
    expected = row.expected(account.role)
    if not expected & {200, 404} or (404 in expected and not row.args):
        return []
    return ROWS[name](account) if row.args else [[[]]]


def addresses(page, account, name):
    """The addresses of a page that an account can open in the demo."""
    groups = arguments(account, name)
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
    page.evaluate(axe_playwright.Axe().axe_script)
    for size, (width, height) in reversed(SIZES.items()):  # and ready for the next page
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(NEXT_FRAME)
        found += [f"{size}: {fault}" for fault in faults_of_size(page)]
    refusal = f"status of {status}"
    return found + [line for line in page.errors if refusal not in line]


def faults_of_size(page):
    """What is too wide, or hard to read or to use, in the window as it is."""
    if (pixels := overflow(page)) > 0:
        yield f"{pixels} px too wide"
    yield from (rule for rule in page.evaluate(RUN_AXE) if rule[0] in GRAVE)
