"""What an account owes an answer to: questions handed up, and topics of the district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from dashboards.desk import Item, place_of
from rectification.models import Escalation, Topic
from rectification.services import escalations, topics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboards.desk import Desk


def questions(desk: Desk) -> Iterable[Item]:
    """Questions handed up that the account owes an answer to: one account's level at a time."""
    rows = Escalation.objects.visible_to(desk.user).for_detail().unanswered()
    for row in rows.filter(escalations.owed_by(desk.user)):
        address = reverse("rectification:escalation_answer", args=[row.pk])
        place = place_of(row.problem.case.village)
        yield Item("上交事项", f"答复：{row.question}", address, row.reply_due_on, place)
    found = Topic.objects.visible_to(desk.user).for_list().unanswered()
    for topic in found.filter(topics.owed_by(desk.user)):
        address = reverse("rectification:topic_answer", args=[topic.pk])
        place = f"{topic.village_count} 个村"
        yield Item("区级专题", f"答复：{topic.title}", address, topic.reply_due_on, place)
