"""Queries and milliseconds of the district's pages, with and without the nation's divisions.

    python benchmarks/pages.py [--rounds 3]

Seeds two scratch databases on the configured server, loads the national file into one of them, and
asks both for the same pages in turns, so that both suffer the same noise. Wanted: no more queries,
and no page slower than 1.5 times.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from import_divisions import ROOT, manage, scratch_database
from national_file import national_file

REPEATS = 7
# Account of the demo data, name of the address, model of the row it needs.
PAGES = (
    ("office1", "dashboards:work", ""),
    ("office1", "dashboards:dashboard", ""),
    ("office1", "dashboards:reports", ""),
    ("office1", "dashboards:verify", ""),
    ("office1", "rectification:round_list", ""),
    ("office1", "rectification:case_list", ""),
    ("office1", "rectification:case_detail", "rectification.Case"),
    ("office1", "rectification:case_export", ""),
    ("office1", "rectification:problem_list", ""),
    ("office1", "rectification:visit_list", ""),
    ("office1", "rectification:cadre_list", ""),
    ("office1", "surveys:record_list", ""),
    ("office1", "villages:village_list", ""),
    ("office1", "villages:village_detail", "villages.Village"),
    ("office1", "villages:import_divisions", ""),
    ("township1", "dashboards:work", ""),
    ("township1", "villages:village_list", ""),
    ("township1", "rectification:visit_pick", ""),
    ("township1", "rectification:visit_detail", "rectification.Visit"),
    ("township1", "rectification:submission_list", ""),
    ("leader1", "dashboards:dashboard", ""),
    ("leader1", "dashboards:linked_cases", ""),
    ("helper1", "dashboards:work", ""),
    ("helper1", "rectification:case_list", ""),
    ("department1", "rectification:opinion_list", ""),
    ("auditor1", "core:audit_list", ""),
    ("sysadmin1", "admin:accounts_user_changelist", ""),
    ("sysadmin1", "admin:accounts_user_add", ""),
)


def measure() -> None:
    """Ask every page of the configured database; print queries and milliseconds as JSON."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.apps import apps
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    found = []
    for account, name, model in PAGES:
        user, client = get_user_model().objects.get(username=account), Client()
        client.force_login(user)
        rows = apps.get_model(model)._default_manager.visible_to(user) if model else None
        address = reverse(name, args=[rows.order_by("pk").first().pk] if rows is not None else [])
        answer = client.get(address, headers={"host": "localhost"})
        if answer.status_code != 200:
            sys.exit(f"{account} {address}: {answer.status_code}")
        with CaptureQueriesContext(connection) as caught:
            client.get(address, headers={"host": "localhost"})
        queries, seconds = len(caught), []
        for _ in range(REPEATS):
            start = time.perf_counter()
            client.get(address, headers={"host": "localhost"})
            seconds.append(time.perf_counter() - start)
        found.append([queries, 1000 * statistics.median(seconds)])
    print(json.dumps(found))


def measured(url: str) -> list[tuple[int, float]]:
    """Return queries and milliseconds of each page, asked by a process of its own."""
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "False"}
    command = [sys.executable, __file__, "--measure"]
    words = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return [(queries, ms) for queries, ms in json.loads(words.stdout.splitlines()[-1])]


def prepare(url: str, national: Path | None = None) -> None:
    manage(url, "migrate", "--verbosity", "0")
    manage(url, "seed_demo")
    if national:
        manage(url, "import_divisions", str(national))


def report(plain: list[list[tuple[int, float]]], full: list[list[tuple[int, float]]]) -> None:
    """Print each page's best turn on both databases and their ratio."""
    ratios, more = [], 0
    print(f"{'account':<12}{'page':<36}{'queries':>12}{'ms':>18}{'ratio':>8}")
    for number, (account, name, _) in enumerate(PAGES):
        queries = [turns[0][number][0] for turns in (plain, full)]
        ms = [min(turn[number][1] for turn in turns) for turns in (plain, full)]
        ratios.append(ms[1] / ms[0])
        more += queries[1] > queries[0]
        counts, times = f"{queries[0]} → {queries[1]}", f"{ms[0]:.1f} → {ms[1]:.1f}"
        print(f"{account:<12}{name:<36}{counts:>12}{times:>18}{ratios[-1]:>8.2f}")
    print(f"pages with more queries: {more}; slowest ratio {max(ratios):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="turns on each database")
    parser.add_argument("--measure", action="store_true", help="ask the configured database once")
    options = parser.parse_args()
    if options.measure:
        measure()
        return
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as two,
        scratch_database(Path(one), "plain") as plain,
        scratch_database(Path(two), "full") as full,
    ):
        prepare(plain)
        prepare(full, national_file(Path(two)))
        turns = [(measured(plain), measured(full)) for _ in range(options.rounds)]
    report([turn[0] for turn in turns], [turn[1] for turn in turns])


if __name__ == "__main__":
    main()
