"""`dedup explain`: why a run grouped, kept and attributed one article as it did."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from dedup.cli import options
from dedup.errors import DedupError

if TYPE_CHECKING:
    from rich.text import Text

    from dedup.cli.findings import Findings, Partner
    from dedup.cli.wording import Piece, Record, Story
    from dedup.model import Article

_LONGEST_SENTENCE = 1_000


class _Told(NamedTuple):
    """All that the command says: what was found, the story of it, and the texts as far as they are at hand."""

    found: Findings
    story: Story
    texts: Mapping[str, str]


@click.command(
    epilog="Exit status: 0 done, 1 failed, 2 usage.",
    short_help="Tell why a run grouped, kept and attributed one article as it did.",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("id", metavar="ID")
@click.option("--input", "inputs", metavar="INPUT", multiple=True,
              help="Where the texts are, if not where the run read them; may be given again.")  # fmt: skip
@options.fields
@options.agencies
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(
    folder: Path, id: str, inputs: tuple[str, ...], fields: Mapping[str, str], agencies: str, as_json: bool
) -> int:
    """Tell why a run grouped, kept and attributed one article as it did.

    DIR is the folder that `dedup run` wrote, ID an article of it, or the beginning of its id. Told are: whose
    text it is, the strongest evidence in its context (in [[ ]] where no colour is seen) and what speaks against
    it; what the text is made of; what it is to other articles; where it was seen first; what it shares with
    whom; and what it prints twice.

    Quotations in context are read from the inputs of the run, if they are still where they were. Where the run
    was given agencies of your own, --agencies says here, too, that theirs are no bylines of the outlet.

    \b
    Examples:
      dedup explain dedup-out ferry-observer
      dedup explain result story-17 --input archive/
      dedup explain result story-17 --json
    """
    from dedup.cli import findings
    from dedup.cli.english import brief
    from dedup.readers.results import Results

    results = Results(folder)
    found = findings.gather(results, id)
    if found.article["id"] != id:
        options.notice(f"this is {brief(found.article['id'])}, the only article whose id begins so")
    told = _tell(found, _Texts(results.summary, inputs, fields), agencies)
    if as_json:
        options.print_json(_record(told))
    else:
        _show(told)
    return 0


class _Texts:
    """The texts of a run: read from where the user says, or from where the run read them."""

    def __init__(self, summary: Record, inputs: Sequence[str], fields: Mapping[str, str]) -> None:
        self._named = bool(inputs)
        known, columns = summary.get("inputs"), summary.get("fields")
        self._inputs = list(inputs) or [str(each) for each in known or () if each != "-"]
        self._fields = fields or (columns if isinstance(columns, dict) else {})

    def read(self, records: Mapping[str, Record]) -> dict[str, Article]:
        """The articles of these records, as far as they are at hand and still say what they said."""
        found: dict[str, Article] = {}
        if self._inputs:
            try:
                found = self._found(records)
            except DedupError as error:
                if self._named:
                    raise
                options.notice(str(error))
        sound = {id: each for id, each in found.items() if _unchanged(each, records[id])}
        if len(sound) < len(records):
            missing = next(id for id in records if id not in sound)
            what = "has changed since the run" if missing in found else "is not where the run read it"
            options.notice(
                f"the text of {missing[:80]} {what}, and is not quoted; --input INPUT says where it is"
            )
        return sound

    def _found(self, wanted: Collection[str]) -> dict[str, Article]:
        from dedup.readers import read

        found: dict[str, Article] = {}
        for article in read(self._inputs, fields=self._fields, on_reject=_ignore, on_notice=_ignore):
            if article.id in wanted:
                found[article.id] = article
                if len(found) == len(wanted):
                    break
        return found


def _ignore(_: object) -> None:
    """What the run has told already."""


def _unchanged(article: Article, record: Record) -> bool:
    """Whether a text still holds the quotations that the run took from it."""
    return all(
        article.text[c["start"] : c["end"]] == c["text"] for c in record.get("credits") or () if c["end"]
    )


def _tell(found: Findings, at_hand: _Texts, agencies: str) -> _Told:
    from dedup.cli import inherited, wording

    mine = found.article["id"]
    quoted = {piece.article for piece in _pieces(inherited.story(found, None)) if piece.article}
    records = {
        mine: found.article,
        **{id: found.others[id] for id in sorted(quoted) if id in found.others},
    }
    articles = at_hand.read(records)
    own = wording.signature(articles[mine], agencies) if mine in articles else None
    return _Told(found, inherited.story(found, own), {id: each.text for id, each in articles.items()})


def _pieces(story: Story) -> list[Piece]:
    return [*story.evidence, *story.against]


def _facts(found: Findings) -> dict[str, str]:
    """What there is to tell beside whose text it is, each a sentence without its end."""
    from dedup.cli import findings

    facts = {
        "made of": findings.made_of(found),
        "what it is": findings.relation(found),
        "seen first": findings.seen_first(found)[1],
        "shares": findings.shared(found),
        "repeats": findings.repeats(found),
    }
    return {label: sentence for label, sentence in facts.items() if sentence}


def _show(told: _Told) -> None:
    from rich.console import Console

    from dedup.cli.excerpts import styles_are_lost
    from dedup.cli.quotes import show

    console = Console(highlight=False)
    heading, verdict, *rest = _lines(told, marked=styles_are_lost(console))
    for line in heading, verdict:
        show(console, line, indent=2)
    for line in rest:
        show(console, line)


def _lines(told: _Told, *, marked: bool) -> Iterator[Text]:
    from rich.text import Text

    from dedup.cli import quotes
    from dedup.cli.excerpts import short

    article = told.found.article
    facts = ", ".join(str(article[key]) for key in ("title", "outlet", "published") if article.get(key))
    yield Text.assemble((short(article["id"]), "bold"), f": {short(facts)}" if facts else "")
    yield Text(short(told.story.verdict, _LONGEST_SENTENCE), "bold")
    for piece in _pieces(told.story):
        yield quotes.told(piece, told.texts.get(piece.article or article["id"]), marked=marked)
    for label, sentence in _facts(told.found).items():
        yield quotes.line(label, short(sentence, _LONGEST_SENTENCE))


def _record(told: _Told) -> dict[str, Any]:
    from dedup.cli import findings
    from dedup.cli.quotes import story_record

    article = told.found.article
    first, says = findings.seen_first(told.found)
    return {
        "id": article["id"],
        **story_record(told.story, article["id"], told.texts),
        "facts": _facts(told.found),
        "first": {"article": first, "says": says, **_when_and_where(told.found, first)},
        "shares": [_shared(told.found, partner) for partner in told.found.partners],
        "article": article,
        "cluster": told.found.cluster,
        "texts": sorted(told.texts),
    }


def _when_and_where(found: Findings, id: str | None) -> dict[str, Any]:
    record = found.article if id == found.article["id"] else found.others.get(id or "", {})
    return {key: record.get(key) for key in ("outlet", "published", "url")}


def _shared(found: Findings, partner: Partner) -> dict[str, Any]:
    longest = partner.longest
    return {
        "article": partner.id,
        **_when_and_where(found, partner.id),
        "characters": partner.shared,
        "passages": len(partner.passages),
        "earlier": partner.earlier,
        "longest": {
            "start": longest.start,
            "end": longest.end,
            "there": list(longest.there),
            "kind": longest.kind,
        },
    }
