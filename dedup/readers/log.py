"""What is said about one source while it is read: rejects at once, notices summed up at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dedup.model import Reject


@dataclass(slots=True)
class SourceLog:
    """Counts what became of the records of one source and passes rejects on."""

    source: str
    on_reject: Callable[[Reject], None]
    on_notice: Callable[[str], None]
    articles: int = 0
    rejects: int = 0
    without_text: int = 0
    foreign_lines: int = 0
    first_foreign: int = 0

    def reject(self, line: int | None, reason: str, id: str | None = None) -> None:
        """Hand on what has to be left out, with the place it stands at."""
        self.rejects += 1
        self.on_reject(Reject(self.source, line, reason, id))

    def foreign(self, line: int) -> None:
        """Note that ``line`` is not UTF-8 and was read as Windows-1252."""
        self.foreign_lines += 1
        self.first_foreign = self.first_foreign or line

    def close(self) -> None:
        """Sum up, once: encodings that were guessed, a source that held nothing, a text that nobody found."""
        if self.foreign_lines == 1:
            self.on_notice(
                f"{self.source}: line {self.first_foreign} is not UTF-8; "
                "its stray bytes were read as Windows-1252"
            )
        elif self.foreign_lines:
            self.on_notice(
                f"{self.source}: {self.foreign_lines} lines are not UTF-8, first line {self.first_foreign}; "
                "their stray bytes were read as Windows-1252"
            )
        if not self.articles and not self.rejects:
            self.on_notice(f"{self.source}: no article in it")
        if not self.articles and self.without_text > 1:
            self.on_notice(
                f"{self.source}: none of its {self.without_text} records has a text; "
                "name the field that holds it with --field text=NAME"
            )
