"""Articles out of files, folders, globs and standard input; nothing that cannot be read stops the rest.

`read` takes what the command line takes; `from_records` takes mappings and articles; `article_from` takes
one of them. `refuse` is the ``on_reject`` of a strict run.
"""

from dedup.readers.fields import NAMES, article_from
from dedup.readers.reading import from_records, read, refuse

__all__ = ["NAMES", "article_from", "from_records", "read", "refuse"]
