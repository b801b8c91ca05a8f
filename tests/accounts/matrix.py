from accounts.models import DistrictSettings, User
from divisions.models import Division
from tests.factories import make_user
from tests.matrix import HELPER, OFFICE, SYSADMIN, AdminRow, Row, any_role

MATRIX = {
    "accounts:password_change": Row(any_role()),
    "accounts:resume": Row(any_role(302)),
}
STAFF = {SYSADMIN}
ADMIN = {
    User: AdminRow(
        view=STAFF, add=STAFF, change=STAFF, make=lambda w: make_user(HELPER, w.township)
    ),
    DistrictSettings: AdminRow(
        view=STAFF,
        add=STAFF,
        change=STAFF,
        make=lambda w: DistrictSettings.objects.create(division=w.district),
    ),
    Division: AdminRow(
        view={OFFICE, SYSADMIN}, change={OFFICE, SYSADMIN}, make=lambda w: w.township
    ),
}
