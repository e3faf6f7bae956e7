"""A Scrapy item pipeline that drops what was published before, and tells of all else whose text it is.

In the project's settings.py:

    ITEM_PIPELINES = {"scrapy_pipeline.DedupPipeline": 300}
    DEDUP_INDEX = "news.db"                  # remembers from crawl to crawl
    DEDUP_DROP = ["duplicate", "version"]    # [] drops nothing

Items are dicts, or Scrapy items with a field `dedup`, and have the article's text under `text`, `body` or another name
that `dedup` knows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from dedup import Index, InputError

try:
    from itemadapter import ItemAdapter
    from scrapy.exceptions import DropItem
except ImportError:  # so that the example can be tried without Scrapy
    ItemAdapter = dict

    class DropItem(Exception):  # type: ignore[no-redef]
        """The item goes no further."""


class DedupPipeline:
    """Asks an index about each item and remembers it; a crawl has one."""

    def __init__(self, path: str, drop: Collection[str] = ("duplicate", "version")) -> None:
        self.path = path
        self.drop = drop

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """The pipeline that the project's settings ask for."""
        settings = crawler.settings
        return cls(
            settings.get("DEDUP_INDEX", "news.db"), settings.getlist("DEDUP_DROP", ["duplicate", "version"])
        )

    def open_spider(self, spider: Any = None) -> None:
        """Open the index, or make it."""
        self.index = Index.open(self.path, durable_every=100)

    def close_spider(self, spider: Any = None) -> None:
        """Keep what was added."""
        self.index.close()

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """The item with a verdict; dropped items are remembered as well."""
        try:
            verdict = self.index.add(dict(ItemAdapter(item)))
        except InputError as error:
            raise DropItem(f"no article: {error}") from error
        if verdict.relation in self.drop:
            raise DropItem(f"{verdict.relation} of {verdict.canonical}")
        item["dedup"] = {
            "id": verdict.id,
            "relation": verdict.relation,
            "canonical": verdict.canonical,
            "agency": verdict.origin.agency,
            "status": verdict.origin.status,
        }
        return item
