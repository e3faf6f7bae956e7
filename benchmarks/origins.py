"""What is printed of origins: read and inferred, roles, statuses and how often they are right, masked copies."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from benchmarks import helsinki as gold
from benchmarks.data import find, records
from benchmarks.masking import Masked
from benchmarks.show import share, shortened
from dedup.attribution.hosts import host_of
from dedup.model import Article, Origin, Verdict
from dedup.readers import article_from

STATUSES = ("confirmed", "probable", "possible")


def show_origins(origins: gold.Origins, *, listed: bool) -> None:
    """Print recall and precision of third-party origins, read in the text and inferred apart."""
    click.echo(f"Origins: {len(origins.rows)} gold rows (own sites and the supplement left out)")
    for name, statuses in (("confirmed or probable", gold.CLAIMED), ("also possible", STATUSES)):
        _show_claims(origins, name, statuses, listed=listed)
    _show_calibration(origins)
    silent = origins.silent()
    for name, claimed in (("confirmed or probable", gold.CLAIMED), ("also possible", STATUSES)):
        false = [
            row["id"] for row, verdict in silent if verdict.origin.status in claimed and origins.ours(verdict)
        ]
        click.echo(f"  no agency's text given one, {name}: {share(len(false), len(silent))}")
    right, wrong = origins.roles()
    click.echo(f"  roles of other agencies right: {share(len(right), len(right) + len(wrong))}")
    for named in wrong if listed else ():
        told = f"gold {'/'.join(named.told)}, ours {'/'.join(named.ours) or 'nothing'}"
        click.echo(f"    {named.row['id']}  {named.agency}: {told}  {named.row['note']}")
    click.echo()


def figures(origins: gold.Origins) -> dict[str, str]:
    """What is right of the claims `confirmed` and `probable`, and what of the gold they find, by name."""
    read, inferred = (origins.claims(gold.CLAIMED, inferred=inferred) for inferred in (False, True))
    right = {row["id"] for row, _ in origins.right([*read, *inferred])}
    told = {}
    for status, claims in (("credited", read), ("inferred", inferred)):
        rows = origins.gold(status)
        told[f"{status}, precision"] = share(len(origins.right(claims)), len(claims))
        told[f"{status}, recall"] = share(sum(row["id"] in right for row, _ in rows), len(rows))
    return told


def _show_claims(origins: gold.Origins, name: str, statuses: Iterable[str], *, listed: bool) -> None:
    click.echo(f"  {name}")
    read, inferred = origins.claims(statuses, inferred=False), origins.claims(statuses, inferred=True)
    right = {row["id"] for row, _ in origins.right([*read, *inferred])}
    for status in ("credited", "inferred"):
        rows = origins.gold(status)
        found = sum(row["id"] in right for row, _ in rows)
        click.echo(f"    recall, {status}: {share(found, len(rows))}")
        for row, verdict in rows if listed else ():
            if row["id"] not in right:
                click.echo(
                    f"      missed  {row['id']}  gold {row['origin']}, ours {_said(verdict.origin)}  {row['note']}"
                )
    for kind, claims in (("read in the text", read), ("inferred", inferred)):
        click.echo(f"    precision, {kind}: {share(len(origins.right(claims)), len(claims))}")
        for row, verdict in claims if listed else ():
            if row["id"] not in right:
                peer = row.get("peer", "")
                click.echo(
                    f"      false  {row['id']}  {_said(verdict.origin)}; gold {row['origin']} {peer}  {row['note']}"
                )


def _said(origin: Origin) -> str:
    if origin.agency is None:
        return "unknown"
    return f"{origin.agency} {origin.status} from {origin.inferred_from or 'its text'}"


def _show_calibration(origins: gold.Origins) -> None:
    for status in STATUSES:
        claims = [*origins.claims([status], inferred=False), *origins.claims([status], inferred=True)]
        click.echo(f"  of the {status} right: {share(len(origins.right(claims)), len(claims))}")


def show_masked(masked: Masked, *, listed: bool) -> None:
    """Print what became of copies whose credits were taken out."""
    click.echo("Masked copies")
    for name, origins in (
        ("with credited copy of the story left in the set", masked.answerable),
        ("without", masked.others),
    ):
        claims = [*origins.claims(gold.CLAIMED, inferred=True), *origins.claims(gold.CLAIMED, inferred=False)]
        right = origins.right(claims)
        click.echo(f"  {name}: {len(origins.rows)}")
        click.echo(
            f"    recall {share(len(right), len(origins.rows))}, precision {share(len(right), len(claims))}"
        )
        ids = {row["id"] for row, _ in right}
        for row, verdict in origins.rows if listed else ():
            named = verdict.origin.status in gold.CLAIMED
            if row["id"] not in ids and (named or origins is masked.answerable):
                click.echo(
                    f"      {row['id']}  gold {row['origin']}, ours {_said(verdict.origin)}  {row['note']}"
                )
    click.echo()


def unlabelled(root: Path, collection: str) -> list[tuple[Article, Verdict]]:
    """Articles of a collection without gold to which one run gives an origin, in its order; own hosts left out."""
    from dedup import run

    articles: dict[str, Article] = {}
    for row in records(find(root, collection, "articles.jsonl")):
        article = article_from(row)
        articles.setdefault(article.id, article)  # ids that stand twice are rejected but for the first
    return [
        (articles[verdict.id], verdict)
        for verdict in run(articles.values()).articles
        if (verdict.origin.agency or verdict.origin.issuer) and not _at_own_host(verdict)
    ]


def sampled(named: Iterable[tuple[Article, Verdict]], size: int) -> list[tuple[Article, Verdict]]:
    """So many articles, evenly over the statuses, read and inferred apart; by a hash of the id, and in its order."""
    drawn: Counter[tuple[str, bool]] = Counter()
    ranked = []
    for article, verdict in sorted(named, key=lambda pair: _hash(pair[0].id)):
        stratum = verdict.origin.status, verdict.origin.inferred_from is not None
        drawn[stratum] += 1
        ranked.append((drawn[stratum], stratum, article, verdict))
    ranked.sort(key=lambda row: row[:2])
    return sorted(((a, v) for *_, a, v in ranked[:size]), key=lambda pair: _hash(pair[0].id))


def _hash(id: str) -> bytes:
    return hashlib.sha256(id.encode()).digest()


def _at_own_host(verdict: Verdict) -> bool:
    return any(c.kind == "host" and c.agency == verdict.origin.agency for c in verdict.credits)


def show_unlabelled(named: Iterable[tuple[Article, Verdict]], *, listed: bool) -> None:
    """Print how many articles have which origin and, to be read by hand, every one with its evidence."""
    found = list(named)
    statuses = Counter((v.origin.status, v.origin.inferred_from is not None) for _, v in found)
    told = ", ".join(
        f"{count} {status}{' inferred' if inferred else ''}"
        for (status, inferred), count in sorted(statuses.items())
    )
    click.echo(f"{len(found)} articles with an origin, own hosts left out: {told}")
    for line in _lines(found) if listed else ():
        click.echo(line)


def _lines(found: Iterable[tuple[Article, Verdict]]) -> Iterator[str]:
    for article, verdict in found:
        host = host_of(article.url) or article.outlet or ""
        yield f"  {article.id}  {_said(verdict.origin)}, {verdict.origin.share}  {host}"
        for credit in verdict.credits:
            if credit.weight > 0:
                yield f"    {credit.agency} {credit.kind}: {_context(article.text, credit.start, credit.end)}"
        for passage in verdict.passages:
            if passage.inferred_from is not None:
                quoted = shortened(article.text[passage.start : passage.end])
                yield f"    {passage.whose} as in {passage.inferred_from}: {quoted}"


def _context(text: str, start: int, end: int, around: int = 60) -> str:
    before, after = text[max(0, start - around) : start], text[end : end + around]
    return shortened(f"{before}[[{text[start:end]}]]{after}", 200)
