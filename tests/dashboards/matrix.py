from tests.matrix import DEPARTMENT, HELPER, LEADER, OFFICE, TOWNSHIP, Row, any_role

READERS = {OFFICE: 200, LEADER: 200}

MATRIX = {
    # Roles without a list of work are led to their own first page.
    "dashboards:work": Row(
        any_role(302) | {OFFICE: 200, TOWNSHIP: 200, HELPER: 200, DEPARTMENT: 200}
    ),
    "dashboards:dashboard": Row(READERS),
    "dashboards:chart_data": Row(READERS, args=lambda w: ["stages"], foreign=None),
    "dashboards:definitions": Row(READERS),
    "dashboards:linked_cases": Row(READERS),
    "dashboards:reports": Row(READERS | {TOWNSHIP: 200}),
    "dashboards:verify": Row(READERS),
}
ADMIN = {}
