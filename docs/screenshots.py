"""Make the pictures of the manual from a running site with the demo data.

    .venv/bin/python docs/screenshots.py --base http://127.0.0.1:8000

Needs requirements-dev.txt and the system's Chromium. Starts nothing, changes nothing on the site.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = Path(__file__).resolve().parent / "images"
PASSWORD = "yanshi-2014"  # noqa: S105 - that of the demo, public on purpose
OFFICE_SCREEN, PHONE = (1366, 768), (390, 844)

# Image, account, size, address; a second address is a link that starts so on the first page.
PICTURES = (
    ("dashboard", "leader1", OFFICE_SCREEN, "/dashboard/", ""),
    ("work", "office1", OFFICE_SCREEN, "/", ""),
    ("rounds", "office1", OFFICE_SCREEN, "/rounds/", ""),
    ("problems", "office1", OFFICE_SCREEN, "/problems/", ""),
    ("villages", "office1", OFFICE_SCREEN, "/villages/", ""),
    ("case", "office1", OFFICE_SCREEN, "/cases/", "/cases/"),
    ("township", "township1", OFFICE_SCREEN, "/", ""),
    ("submissions", "township1", OFFICE_SCREEN, "/submissions/", ""),
    ("helper", "helper1", PHONE, "/", ""),
    ("visit", "helper1", PHONE, "/visits/pick/", "/cases/"),
    ("department", "department1", OFFICE_SCREEN, "/opinions/", ""),
    ("audit", "auditor1", OFFICE_SCREEN, "/audit/", ""),
    ("accounts", "sysadmin1", OFFICE_SCREEN, "/admin/accounts/user/", ""),
)


def picture(browser: Browser, base: str, row: tuple[str, str, tuple[int, int], str, str]) -> None:
    """Sign in, open one page, and write its first screen."""
    name, account, (width, height), address, link = row
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{base}/sign-in/")
    page.locator("[name=username]").fill(account)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main [type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    answer = page.goto(f"{base}{address}")
    if answer is None or not answer.ok:
        raise SystemExit(f"{name}: {address} did not answer with a page")
    if link:
        page.goto(base + str(page.locator(f"main a[href^='{link}']").first.get_attribute("href")))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.jpg", type="jpeg", quality=80, animations="disabled")
    context.close()


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
