"""The product's settings with a fast hasher, local mail, jobs done at once, plain static files."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-tests")

from config.settings import *  # noqa: F403

DEBUG = False
# In a file and not in memory: the threads of a live server would share the one connection to
# memory, and two that ask at once can wait for each other for ever (SQLite's lock, Python's lock).
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    TEST_FOLDER = tempfile.TemporaryDirectory(prefix="rectification-test-")
    DATABASES["default"]["TEST"] = {"NAME": str(Path(TEST_FOLDER.name) / "test.sqlite3")}  # noqa: F405
    SQLITE_OPTIONS["init_command"] = f"{SQLITE_OPTIONS['init_command']}PRAGMA synchronous=OFF;"  # noqa: F405
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
# The live server of the tests serves from the sources, where hashed names do not exist.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The folder of collected files need not exist.
WHITENOISE_AUTOREFRESH = True
