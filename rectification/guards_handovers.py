"""What must hold before a handover is accepted, refused or withdrawn, as guards_problems.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.roles import Permission
from rectification.guards import Missing
from rectification.models import Handover
from rectification.services.holders import is_in_post, stand_in_for

if TYPE_CHECKING:
    from accounts.models import User


def item_is_still_the_givers(handover: Handover, user: User) -> list[Missing]:
    """What is passed on is still open and still with whom it was."""
    if Handover.objects.filter(pk=handover.pk).live().exists():
        return []
    words = f"“{handover.item}”已经办结，或者已另定责任人，不用再接手"
    return [Missing(words, handover.case.get_absolute_url(), "看档案")]


def is_the_receivers(handover: Handover, user: User) -> list[Missing]:
    """Answered by whom it is passed to, a deputy, or the account that keeps for them."""
    if Handover.objects.filter(pk=handover.pk).answered_by(user).exists():
        return []
    cadre, account = handover.to_cadre, handover.to_cadre.account
    if handover.has_own_receiver:
        words = f"要由{cadre.name}本人（账号 {account.username}）答复" if account else ""
    else:
        stand_in = stand_in_for(handover.case)
        words = f"{cadre.name}没有可用的账号，由{stand_in}（{stand_in.division}）代为答复"
    return [Missing(words, handover.to_cadre.get_absolute_url(), "看接手人")]


def receiver_is_in_post(handover: Handover, user: User) -> list[Missing]:
    """Who has left the post meanwhile can take over nothing."""
    if is_in_post(handover.to_cadre):
        return []
    link = handover.to_cadre.get_absolute_url()
    return [Missing(f"{handover.to_cadre.name}已经离任，不能接手", link, "看接手人")]


def is_the_proposers(handover: Handover, user: User) -> list[Missing]:
    """Withdrawn by who proposed it, or by who may arrange such things."""
    arranges = Permission.ASSIGN if handover.assignment_id else Permission.PROBLEM_EDIT
    if handover.proposed_by_id == user.pk or user.can(arranges):
        return []
    words = f"移交由{handover.proposed_by}提出，要由其撤回"
    return [Missing(words, handover.case.get_absolute_url(), "看档案")]
