"""docs/glossary.md names things as the code does, and leaves no model, status or right out."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models.enums import Choices
from django.urls import get_resolver

from accounts.roles import ROLE_PERMISSIONS, Permission
from rectification import choices

GLOSSARY = Path(__file__).resolve().parent.parent / "docs" / "glossary.md"
OWN_APPS = ("core", "divisions", "accounts", "villages", "rectification", "surveys")
PAIR = re.compile(r"([^`]+) `([^`]+)`")


def rows(heading):
    """The rows of the tables under the headings that begin with these words, as lists of cells."""
    text = GLOSSARY.read_text(encoding="utf-8")
    sections = [part for part in text.split("\n## ") if part.startswith(heading)]
    assert sections, f"no section “{heading}”"
    lines = [line for part in sections for line in part.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0] != "term"]


def pairs(cell):
    """A cell's words and identifiers, in order."""
    return [(word.strip("、 "), name) for word, name in PAIR.findall(cell)]


def url_names(patterns, namespace=""):
    for pattern in patterns:
        inner = getattr(pattern, "url_patterns", None)
        if inner is None:
            yield namespace + str(pattern.name)
        else:
            yield from url_names(inner, namespace + (f"{n}:" if (n := pattern.namespace) else ""))


MODELS = rows("Models of")
CHOICES = rows("Choices")


@pytest.mark.parametrize("row", MODELS, ids=lambda row: row[1].strip("`"))
def test_a_model_and_its_fields_have_the_words_of_the_glossary(row):
    term, label, _, fields = row
    meta = apps.get_model(label.strip("`"))._meta
    assert term == meta.verbose_name
    for word, name in pairs(fields):
        assert (name, word) == (name, str(meta.get_field(name).verbose_name))


def test_every_model_is_in_the_glossary():
    models = [model for app in OWN_APPS for model in apps.get_app_config(app).get_models()]
    own = {m._meta.label for m in models if not m.__name__.startswith("Historical")}
    assert own == {row[1].strip("`") for row in MODELS}


@pytest.mark.parametrize("row", CHOICES, ids=lambda row: row[1].strip("`"))
def test_a_choice_has_the_words_of_the_glossary(row):
    parts = row[1].strip("`").split(".")
    names = next(n for n, part in enumerate(parts) if part[0].isupper())
    found = import_module(".".join(parts[:names]))
    for name in parts[names:]:
        found = getattr(found, name)
    assert pairs(row[2]) == [(str(item.label), str(item.value)) for item in found]


def test_every_choice_of_a_case_is_in_the_glossary():
    own = {
        f"`{kind.__module__}.{kind.__name__}`"
        for kind in vars(choices).values()
        if isinstance(kind, type)
        and issubclass(kind, Choices)
        and kind.__module__ == choices.__name__
    }
    assert own <= {row[1] for row in CHOICES}


def test_every_right_is_in_the_glossary_with_its_roles():
    expected = [
        [
            right.label,
            f"`{right.value}`",
            "、".join(role.label for role, rights in ROLE_PERMISSIONS.items() if right in rights),
        ]
        for right in Permission
    ]
    assert rows("Rights") == expected


def test_every_address_of_the_glossary_exists():
    known = set(url_names(get_resolver().url_patterns))
    named = {row[1].strip("`") for row in rows("Pages") if "<" not in row[1]}
    assert named - known == set()


def test_every_address_of_the_product_is_in_the_glossary():
    own = {name for name in url_names(get_resolver().url_patterns) if name.startswith(OWN_APPS)}
    assert own <= {row[1].strip("`") for row in rows("Pages")}
