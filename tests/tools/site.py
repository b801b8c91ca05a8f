"""The demo data as a site: a server of its own, on a copy of the seeded database file.

The ``demo`` fixture keeps its rows in a transaction that no other process sees. A site therefore
works on its own copy of the file; its keys are those of ``demo``, which finds the rows to open.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.db import connection

from tests.tools.demo import FILE, ROOT

PATIENCE = 120


@pytest.fixture(scope="module")
def demo_site(demo, demo_folder, tmp_path_factory):
    """The address of a server that shows the demo data."""
    if connection.vendor != "sqlite":
        pytest.skip("the demo site runs on the SQLite file of the demo data")
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(demo_folder / FILE, folder / FILE)
    with (folder / "log").open("wb") as log:
        address = f"127.0.0.1:{free_port()}"
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", "--insecure", address],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": f"sqlite:///{folder / FILE}",
                "DJANGO_SETTINGS_MODULE": "config.settings_test",
            },
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(f"http://{address}/sign-in/", server)
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(address, server):
    """Wait until the first page answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert server.poll() is None, "the demo site did not start"
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the demo site does not answer")
