"""Make the pictures of the manual from a running site with the demo data.

    .venv/bin/python docs/screenshots.py --base http://127.0.0.1:8000

Needs requirements-dev.txt and the system's Chromium. Starts nothing, changes nothing on the site.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = Path(__file__).resolve().parent / "images"
PASSWORD = "yanshi-2014"  # noqa: S105 - that of the demo, public on purpose
OFFICE_SCREEN, PHONE = (1366, 768), (390, 844)

# Image, account, size, address, and the links to follow from there, each as a selector.
VILLAGE, ROW = "main tbody a[href^='/cases/']", "main tbody th a"
PICTURES: tuple[tuple[str, str, tuple[int, int], str, tuple[str, ...]], ...] = (
    ("dashboard", "leader1", OFFICE_SCREEN, "/dashboard/", ()),
    ("work", "office1", OFFICE_SCREEN, "/", ()),
    ("rounds", "office1", OFFICE_SCREEN, "/rounds/", ()),
    ("problems", "office1", OFFICE_SCREEN, "/problems/", ()),
    ("villages", "office1", OFFICE_SCREEN, "/villages/", ()),
    ("case", "office1", OFFICE_SCREEN, "/cases/?status=rectifying", (VILLAGE,)),
    ("township", "township1", OFFICE_SCREEN, "/", ()),
    ("submissions", "township1", OFFICE_SCREEN, "/submissions/", ()),
    ("helper", "helper1", PHONE, "/", ()),
    ("visit", "helper1", PHONE, "/visits/pick/", ("main a[href^='/cases/']",)),
    ("department", "department1", OFFICE_SCREEN, "/opinions/", ()),
    ("audit", "auditor1", OFFICE_SCREEN, "/audit/", ()),
    ("accounts", "sysadmin1", OFFICE_SCREEN, "/admin/accounts/user/", ()),
    # who is responsible
    ("vacancies", "office1", OFFICE_SCREEN, "/cases/vacancies/", ()),
    (
        "assignment",
        "office1",
        OFFICE_SCREEN,
        "/cases/vacancies/",
        (VILLAGE, "a[href$='/assign/']:text-is('安排')"),
    ),
    (
        "people",
        "office1",
        OFFICE_SCREEN,
        "/handovers/?status=accepted",
        ("main tbody tr:has-text('力量') a", "main dl a[href^='/cases/']", "a[href*='tab=people']"),
    ),
    ("cadre", "office1", OFFICE_SCREEN, "/cadres/", ("main tbody tr:has-text('leader1') a",)),
    ("handover", "helper1", PHONE, "/handovers/?status=proposed", (ROW,)),
    ("linked", "leader1", OFFICE_SCREEN, "/dashboard/linked/", ()),
    ("silence", "office1", OFFICE_SCREEN, "/cases/silence/", ()),
    # plans
    ("plan", "office1", OFFICE_SCREEN, "/", ("main a[href^='/plans/']", "a[href$='/decide/']")),
    (
        "plan_similar",
        "office1",
        OFFICE_SCREEN,
        "/",
        ("main a[href^='/plans/']", "a[href*='/similar/']"),
    ),
    (
        "plan_versions",
        "township8",
        OFFICE_SCREEN,
        "/",
        ("main a[href^='/plans/']", "a[href*='/versions/']"),
    ),
    (
        "plan_document",
        "office1",
        OFFICE_SCREEN,
        "/cases/?status=rectifying",
        (VILLAGE, "a[href*='tab=plan']", "main a[href^='/plans/']"),
    ),
    ("measures", "township1", OFFICE_SCREEN, "/measures/", ()),
    # problems, and who owes the answer
    ("problem", "township1", OFFICE_SCREEN, "/problems/?status=closing", ("main tbody th a",)),
    ("reopened", "office1", OFFICE_SCREEN, "/problems/?reopened=1", ()),
    (
        "escalation",
        "office1",
        OFFICE_SCREEN,
        "/owed-answers/",
        ("main tbody a[href^='/problems/']",),
    ),
    ("owed", "office1", OFFICE_SCREEN, "/owed-answers/", ()),
    ("topic", "department2", OFFICE_SCREEN, "/opinions/", ("main a[href^='/topics/']",)),
    # promises, more time, working days
    ("promises", "office1", OFFICE_SCREEN, "/promises/", ()),
    ("extension", "office1", OFFICE_SCREEN, "/", ("main a[href^='/extensions/']",)),
    ("calendar", "sysadmin1", OFFICE_SCREEN, "/calendar/", ()),
)
LARGEST = 150_000  # bytes: the manual is read over a slow line


def picture(
    browser: Browser, base: str, row: tuple[str, str, tuple[int, int], str, tuple[str, ...]]
) -> None:
    """Sign in, open one page, follow the links, and write the first screen."""
    name, account, (width, height), address, links = row
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{base}/sign-in/")
    page.locator("[name=username]").fill(account)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main [type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    answer = page.goto(f"{base}{address}")
    for link in links:
        href = page.locator(link).first.get_attribute("href")
        answer = page.goto(urljoin(page.url, str(href)))
    if answer is not None and not answer.ok:
        raise SystemExit(f"{name}: {page.url} did not answer with a page")
    page.wait_for_load_state("networkidle")
    path = IMAGES / f"{name}.jpg"
    page.screenshot(path=path, type="jpeg", quality=80, animations="disabled")
    context.close()
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has more than {LARGEST} bytes")


def main() -> None:
    """Make all pictures, or those named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for row in PICTURES:
            if not options.names or row[0] in options.names:
                picture(browser, options.base, row)
        browser.close()


if __name__ == "__main__":
    main()
