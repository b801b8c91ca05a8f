"""Refusals that a user reads. Each carries its HTTP status and, if any, the place of the mend."""


class DomainError(Exception):
    """A rule forbids the act; nothing was changed.

    ``message`` is a Chinese sentence that says what is missing; ``link`` (an address) and
    ``link_text`` lead to where it is mended.
    """

    status_code = 422
    title = "未能办理"

    def __init__(self, message: str, *, link: str = "", link_text: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.link = link
        self.link_text = link_text


class NotAllowed(DomainError):
    """The account lacks the right for this act (403)."""

    status_code = 403
    title = "没有权限"


class Conflict(DomainError):
    """Somebody else changed the row meanwhile (409)."""

    status_code = 409
    title = "内容已被他人更新"


class SavedBefore(Conflict):
    """This very form was saved once already, with another text (409)."""

    title = "已经保存过一次"
