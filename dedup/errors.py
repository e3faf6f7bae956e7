"""The errors that the library raises; the command line turns them into messages at its edge."""

from __future__ import annotations


class DedupError(Exception):
    """Base of every error that this library raises on purpose.

    The message says what is wrong, where (source and line, when there is one) and what to do about it.
    """


class InputError(DedupError):
    """A source cannot be read, or holds something that is not an article (raised only under ``strict``)."""


class SettingsError(DedupError):
    """A setting has a value that cannot work."""


class OutputError(DedupError):
    """The results cannot be written where they were asked to go."""


class AgenciesError(SettingsError):
    """The list of agencies, or a user's own that extends it, is damaged or contradicts itself."""


class StoreError(DedupError):
    """An index cannot be opened, read or written; it names the file and the remedy."""
