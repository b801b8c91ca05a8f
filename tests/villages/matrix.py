import io

from tests.divisions.test_imports import csv_bytes
from tests.factories import make_file, make_term
from tests.matrix import LEADER, OFFICE, SYSADMIN, TOWNSHIP, AdminRow, Row
from villages import imports
from villages.models import SecretaryTerm, Village, VillageFile

READERS = {OFFICE: 200, TOWNSHIP: 200, LEADER: 200}
WRITERS = {OFFICE: 200, TOWNSHIP: 200}
LOADERS = {OFFICE: 200, SYSADMIN: 200}


def make_import(world, role=OFFICE):
    code = world.village.code[:9] + "299"
    content = io.BytesIO(csv_bytes([(code, "新村委会")]))
    return imports.check(content, "区划.csv", owner=world.user(role))


def village(world):
    return [world.village.pk]


def village_and_year(world):
    make_file(world.village, 2025)
    return [world.village.pk, 2025]


MATRIX = {
    "villages:village_list": Row(READERS),
    "villages:village_export": Row(READERS),
    "villages:village_detail": Row(READERS, args=village),
    "villages:village_edit": Row(WRITERS, args=village),
    "villages:village_file_edit": Row(WRITERS, args=village_and_year),
    "villages:village_file_history": Row(READERS, args=village_and_year),
    "villages:secretary_term_add": Row(WRITERS, args=village),
    "villages:secretary_term_edit": Row(WRITERS, args=lambda w: [make_term(w.village).pk]),
    "villages:import_divisions": Row(LOADERS),
    "villages:import_template": Row(LOADERS),
    # An import is its owner's alone: the system administrator does not find the office's.
    "villages:import_preview": Row(
        {OFFICE: 200, SYSADMIN: 404}, args=lambda w: [make_import(w).pk]
    ),
    "villages:import_apply": Row(
        {OFFICE: 302, SYSADMIN: 404}, method="post", args=lambda w: [make_import(w).pk]
    ),
}
ADMIN = {
    Village: AdminRow(view={OFFICE}, make=lambda w: w.village),
    VillageFile: AdminRow(view={OFFICE}, make=lambda w: make_file(w.village, 2025)),
    SecretaryTerm: AdminRow(view={OFFICE}, make=lambda w: make_term(w.village)),
}
