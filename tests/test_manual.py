"""docs/manual.md shows its pictures, leads nowhere that is not there, and answers the questions."""

import re
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
MANUAL = (DOCS / "manual.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
# What the experts ask, by the number of the question, and the section that answers.
ANSWERS = {
    10: "哪些村还没配齐四个一，认定已经多少天",
    11: "一位领导能不能联几个村，换人以后以前的还在不在",
    12: "方案差什么就批不了",
    13: "两个村的方案差不多，能不能看出来",
    14: "方案能不能印成公文格式，在 WPS 里打开",
    17: "村里解决不了的，怎么逐级上交、多久答复",
    22: "销了号的又出现了，怎么办",
    23: "谁来核准销号",
}


def pictures():
    """The module that makes the pictures."""
    spec = spec_from_file_location("screenshots", DOCS / "screenshots.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.strip()).replace(" ", "-")


@pytest.mark.parametrize("question", ANSWERS)
def test_each_question_has_a_section_with_steps_and_a_picture(question):
    after = MANUAL.split(f"\n### {ANSWERS[question]}\n", 1)[1]
    section = re.split(r"^#{2,3} ", after, maxsplit=1, flags=re.MULTILINE)[0]
    assert re.search(r"^1\. ", section, re.MULTILINE)
    assert "images/" in section
    assert re.search(r"\*\*(组织部|乡镇)", section)


def test_the_command_makes_every_picture_that_the_manual_shows():
    pytest.importorskip("playwright")
    made = {row[0] for row in pictures().PICTURES}
    assert set(re.findall(r"images/(\w+)\.jpg", MANUAL)) == made
    assert {path.stem for path in (DOCS / "images").iterdir()} == made


def test_no_picture_is_heavy():
    sizes = {path.name: path.stat().st_size for path in (DOCS / "images").glob("*.jpg")}
    assert {name: size for name, size in sizes.items() if size > 150_000} == {}


def test_each_link_inside_the_manual_leads_to_a_heading():
    headings = {anchor(heading) for heading in HEADING.findall(MANUAL)}
    assert set(re.findall(r"\]\(#([^)]+)\)", MANUAL)) <= headings
