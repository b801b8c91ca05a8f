from core.models import Feedback, Job
from tests.matrix import AUDITOR, OFFICE, SYSADMIN, TOWNSHIP, Row, any_role


def make_feedback(world):
    author = world.user(TOWNSHIP)
    return Feedback.objects.create(author=author, area_code=author.division_id, text="按钮太小")


def make_job(world):
    return Job.objects.create(owner=world.user(OFFICE), kind="import", title="导入村庄")


MATRIX = {
    "core:feedback": Row(any_role()),
    "core:feedback_list": Row(any_role()),
    "core:feedback_reply": Row({OFFICE: 200}, args=lambda w: [make_feedback(w).pk]),
    "core:audit_list": Row({AUDITOR: 200}),
    "core:health": Row({SYSADMIN: 200}),
    "core:job_detail": Row({OFFICE: 200}, args=lambda w: [make_job(w).pk], others=404),
    "core:job_cancel": Row(
        {OFFICE: 302}, method="post", args=lambda w: [make_job(w).pk], others=404
    ),
}
ADMIN = {}
