"""Browser tests: Chromium of the system, a signed-in page, and no error on its console."""

import os
import shutil

import pytest
from django.test import Client

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

    At the end of the test no page may have written an error to its console: a block by the
    security policy and a script that failed both show there.
    """
    contexts, errors = [], []

    def note(message):
        if message.type == "error":
            errors.append(f"{message.location.get('url', '')}: {message.text}")

    def open_page(*, user=None, width=1366, height=768):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
            context.add_cookies([{**cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.errors = errors
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors
