"""Browser tests: Chromium of the system, a signed-in page, and no error on its console."""

import os
import shutil

import pytest

from tests.tools.browser import let_in, new_page

# Playwright runs an event loop in the test's thread, where Django would refuse to ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

try:
    from playwright.sync_api import sync_playwright
except ImportError:  # only requirements.txt is installed
    sync_playwright = None

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def what_is_missing():
    """Return what a browser test lacks on this machine, empty for nothing."""
    if sync_playwright is None:
        return "playwright is not installed (requirements-dev.txt)"
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        return "no chromium on this machine"
    return ""


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of a process."""
    missing = what_is_missing()
    if missing and os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Give a function that opens a page of a size, as an account if one is given.

    At the end of the test no page may have written an error to its console.
    """
    pages = []

    def open_page(*, user=None, width=1366, height=768):
        page = new_page(chromium, live_server.url, width=width, height=height)
        pages.append(page)
        if user is not None:
            let_in(page, user, live_server.url)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert not [line for page in pages for line in page.errors]
