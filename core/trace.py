"""What an act adds to its line in the log, such as for whom a deputy acted."""

from __future__ import annotations

from contextvars import ContextVar

_words: ContextVar[str] = ContextVar("trace", default="")


def begin() -> None:
    """Forget what an earlier request noted."""
    _words.set("")


def note(words: str) -> None:
    """Add words to the log's line of this request, once."""
    if words not in _words.get().split():
        _words.set(f"{_words.get()} {words}".strip())


def noted() -> str:
    """Return what was noted since the request began."""
    return _words.get()
