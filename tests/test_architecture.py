"""The shape of the code, held without a reviewer: layers, homes, scope, what browsers can read."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["core", "divisions", "accounts", "villages", "rectification", "surveys", "dashboards"]
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")
MODULES = sorted(path for app in LAYERS for path in (ROOT / app).rglob("*.py"))
MIGRATIONS = [path for path in MODULES if "migrations" in path.parts]
OWN = [path for path in MODULES if path not in MIGRATIONS]
CONFIG = sorted((ROOT / "config").glob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = sorted(path for kind in ("css", "js") for path in (ROOT / "static").rglob(f"*.{kind}"))

INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script without src": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\s(on[a-z]+|hx-on\S*)\s*=", re.IGNORECASE),
}
SVG = "http://www.w3.org/2000/svg"
OUTSIDE = re.compile(r"https?://|[\"'(]//\w", re.IGNORECASE)
# What Chromium 86 does not know, and what would make it drop a rule or stop a script.
TOO_NEW = re.compile(
    r":(?:is|where|has|user-invalid|user-valid)\(?(?![\w-])|@layer|@container|@scope|color-mix|oklch"
    r"|light-dark|aspect-ratio|\d[dsl]v[hw]\b|(?<![\w-])inset(?:-\w+)*\s*:"
    r"|(?:margin|padding)-(?:inline|block)\s*:|@media[^{]*[<>]|^\s*&(?!&)"
    r"|\.at\(|\.findLast|structuredClone|Object\.hasOwn|randomUUID|AbortSignal\.timeout|\binert\b",
    re.MULTILINE,
)


def name_of(path):
    return str(path.relative_to(ROOT))


def each(paths):
    """Parametrize a test over files, each named by its path."""
    return pytest.mark.parametrize("path", paths, ids=name_of)


@cache
def tree_of(path):
    return ast.parse(path.read_text())


def imported(path):
    """Yield the line and the full name of everything a module imports."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "." * node.level


def parents_of(tree):
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def is_service(path):
    return path.stem == "services" or "services" in path.parts


def is_view(path):
    return path.stem == "views" or "views" in path.parts


# --- layers and size ------------------------------------------------------------------------------


@each(OWN)
def test_imports_point_one_way(path):
    app = path.relative_to(ROOT).parts[0]
    allowed = LAYERS[: LAYERS.index(app) + 1]
    forbidden = {*LAYERS, "config", "tests"} - set(allowed)
    wrong = [(line, name) for line, name in imported(path) if name.split(".")[0] in forbidden]
    assert not wrong


@each(MIGRATIONS)
def test_a_migration_imports_no_app(path):
    names = {name for _, name in imported(path) if name.split(".")[0] in LAYERS}
    assert names <= {"core.clock"}  # the default of a date field is written down by its name


@each([*OWN, *CONFIG, *TESTS, ROOT / "run.py"])
def test_a_module_has_at_most_400_lines(path):
    assert len(path.read_text().splitlines()) <= 400


@each([*OWN, *CONFIG])
def test_imports_stand_at_the_top(path):
    tree = tree_of(path)
    parent = parents_of(tree)
    imports = [node for node in parent if isinstance(node, ast.Import | ast.ImportFrom)]
    inline = [n.lineno for n in imports if not isinstance(parent[n], ast.Module | ast.If)]
    assert not inline


# --- homes ----------------------------------------------------------------------------------------


def writes_status(node):
    """Say whether a node sets a status: by assignment, update() or bulk_update()."""
    if isinstance(node, ast.Attribute):
        return node.attr == "status" and isinstance(node.ctx, ast.Store)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr in {"update", "aupdate"}:
        return any(word.arg == "status" for word in node.keywords)
    words = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return node.func.attr in {"bulk_update", "abulk_update"} and "status" in words


@each([path for path in OWN if not is_service(path)])
def test_only_services_write_a_status(path):
    assert not [node.lineno for node in ast.walk(tree_of(path)) if writes_status(node)]


@each([path for path in OWN if path.stem != "forms" and "forms" not in path.parts])
def test_no_model_overrides_save_or_delete(path):
    classes = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)]
    methods = [item for node in classes for item in node.body if isinstance(item, ast.FunctionDef)]
    assert not [m.lineno for m in methods if m.name in {"save", "delete", "asave", "adelete"}]


@each(OWN)
def test_there_are_no_signals_of_our_own(path):
    assert not [(line, name) for line, name in imported(path) if name.startswith(SIGNALS)]


# --- scope ----------------------------------------------------------------------------------------


def own_models():
    return [model for app in LAYERS for model in apps.get_app_config(app).get_models()]


def scoped_models():
    """Return the names of models whose rows belong to an area or a person."""
    return {m.__name__ for m in own_models() if hasattr(m._default_manager, "visible_to")}


# Rows of an area that no page asks for by themselves, and why that is safe.
REACHED_THROUGH = {
    "SubmissionKey": "asked for by the account's own key alone",
    "StagedRow": "read through its import, which is its owner's alone",
    "NameChange": "written by an import; its rows stand on the page of a division or village",
    "Criterion": "read through its standard",
    "MilestoneTemplate": "read through its standard",
    "VisitFrequency": "read through its standard",
    "TaskProgress": "read through its task",
}


def reaches_an_area(model, seen=frozenset()):
    """Say whether foreign keys lead from a model to a village, a division or a case."""
    if model.__name__ in {"Division", "Village", "Case"}:
        return True
    nexts = {f.related_model for f in model._meta.concrete_fields if f.is_relation} - {model, *seen}
    return any(reaches_an_area(step, {*seen, model}) for step in nexts)


def test_every_model_of_an_area_is_scoped_or_reached_through_one_that_is():
    live = [model for model in own_models() if not model.__name__.startswith("Historical")]
    found = {model.__name__ for model in live if reaches_an_area(model)}
    assert found - scoped_models() == set(REACHED_THROUGH)


@each([path for path in OWN if is_view(path)])
def test_a_view_asks_for_no_row_by_itself_that_is_reached_through_another(path):
    found = [n for n in ast.walk(tree_of(path)) if isinstance(n, ast.Attribute)]
    asked = {ast.unparse(n.value) for n in found if n.attr == "objects"}
    assert not asked & set(REACHED_THROUGH)


def tracked_models():
    """Return the names of models that keep a history of each save."""
    attribute = "simple_history_manager_attribute"
    return {model.__name__ for model in own_models() if hasattr(model._meta, attribute)}


def annotations_in(tree):
    """Yield every node that stands in a type annotation."""
    for node in ast.walk(tree):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if part is not None:
                yield from ast.walk(part)


def reaches_past_scope(name, parent):
    """Say whether the use of a model's name reads rows other than through visible_to."""
    above = parent[name]
    if isinstance(above, ast.Call) and above.func is name:
        return False  # a new, unsaved row
    if not isinstance(above, ast.Attribute):
        return True
    if above.attr[0].isupper():
        return False  # a class inside the model, such as its choices
    return not ast.unparse(parent[above]).startswith(f"{name.id}.objects.visible_to")


@each([path for path in OWN if is_view(path)])
def test_a_view_reaches_scoped_rows_only_through_visible_to(path):
    tree, scoped = tree_of(path), scoped_models()
    parent, types = parents_of(tree), set(annotations_in(tree))
    names = [node for node in parent if isinstance(node, ast.Name) and node.id in scoped]
    wrong = [n for n in names if n not in types and reaches_past_scope(n, parent)]
    assert not [f"line {n.lineno}: {ast.unparse(parent[parent[n]])}" for n in wrong]


@pytest.mark.parametrize("app", LAYERS)
def test_every_scope_is_a_promise_that_ends_in_none(app):
    """A queryset's visible_to gives nothing to a role it does not name."""
    for path in (p for p in OWN if p.relative_to(ROOT).parts[0] == app):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef) and node.name == "visible_to":
                last = ast.unparse(node.body[-1])
                assert last.startswith("return "), f"{name_of(path)}:{node.lineno}"
                assert ".all()" not in last, f"{name_of(path)}:{node.lineno}"


# --- history --------------------------------------------------------------------------------------


def root_of(node):
    """Return the name a chain of calls and attributes begins with."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def writes_past_history(path, tracked):
    """Yield the lines that write tracked rows so that simple-history cannot see it."""
    tree = tree_of(path)
    roots = {
        target.id: root_of(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = root_of(node.func.value)
        if roots.get(name, name) not in tracked:
            continue
        fields = {word.arg for word in node.keywords}
        counted = is_service(path) and fields <= {"status", "version"}
        bulk = node.func.attr in {"bulk_create", "bulk_update"}
        if bulk or (node.func.attr == "update" and not counted):
            yield node.lineno


@each(OWN)
def test_tracked_rows_are_never_written_past_their_history(path):
    assert not list(writes_past_history(path, tracked_models()))


# --- pages ----------------------------------------------------------------------------------------


@each(TEMPLATES)
@pytest.mark.parametrize("what", INLINE)
def test_a_page_holds_nothing_the_policy_would_block(path, what):
    assert not INLINE[what].findall(path.read_text())


@each([*TEMPLATES, *STATIC])
def test_no_page_names_an_outside_address(path):
    assert not OUTSIDE.findall(path.read_text().replace(SVG, ""))


@each(STATIC)
def test_styles_and_scripts_are_readable_for_chromium_86(path):
    assert not TOO_NEW.findall(path.read_text())


@pytest.mark.parametrize(
    "text",
    [
        "a:is(.b) {}",
        ".a { inset: 0; }",
        ".a { inset-inline: 0; }",
        ".a { height: 100dvh; }",
        "@media (width >= 600px) {}",
        ".a {\n  & .b {}\n}",
        ".a { margin-inline: 1rem; }",
        "rows.at(-1)",
    ],
)
def test_the_search_finds_what_chromium_86_lacks(text):
    assert TOO_NEW.search(text)


@pytest.mark.parametrize(
    "text",
    [
        ".a { box-shadow: inset 0 1px; }",
        ".is-valid:hover { margin-inline-start: 1rem; }",
        "@media (min-width: 600px) { .a > .b {} }",
        "if (a\n  && b) { c.hash(); }",
    ],
)
def test_the_search_lets_pass_what_chromium_86_knows(text):
    assert not TOO_NEW.search(text)
