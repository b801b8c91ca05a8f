"""Pages of a browser that remember what went wrong on them."""

from django.test import Client

from tests.factories import PASSWORD

SIZES = {"office PC": (1366, 768), "phone": (390, 844)}


def new_page(chromium, address, *, width=1366, height=768):
    """Open a window of its own on a site; ``page.errors`` collects what its console reports.

    A block by the security policy and a script that failed both show there.
    """
    context = chromium.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    page.errors = []

    def note(message):
        if message.type == "error":
            page.errors.append(f"{message.location.get('url', '')}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page


def let_in(page, user, address):
    """Give a page the session of an account."""
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": address}])


def sign_in(page, username, password=PASSWORD):
    """Sign in through the form."""
    page.goto("/sign-in/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)


def overflow(page):
    """By how many pixels a page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def only_refusals(page):
    """Let the browser's own note of a refused request pass; anything else stays an error."""
    page.errors[:] = [line for line in page.errors if "Failed to load resource" not in line]
