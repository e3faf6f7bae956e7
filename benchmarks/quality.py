"""Quality against exact overlap and against gold, on real collections that stay outside the project.

python -m benchmarks.quality reuters|helsinki|ecbplus|repeats|seeds|pan13|origin|unlabelled [--data FOLDER]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks import agnews, impresso, masking, origins, samples
from benchmarks import ecbplus as events
from benchmarks import helsinki as gold
from benchmarks import pan13 as pan
from benchmarks import reuters as exact
from benchmarks.data import DEFAULT_ROOT, find, records
from benchmarks.show import confusion, share, shortened

F = Callable[..., None]
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(help="Quality against exact overlap and against gold, on collections outside the project.")
def main() -> None: ...


def data_option(command: F) -> F:
    """Where the collections are."""
    option = click.option("--data", type=FOLDER, default=DEFAULT_ROOT, help="Default: ../shared/data.")
    return option(command)


@main.command()
@data_option
@click.option("--cache", type=FOLDER, required=True, help="Keeps the exact pairs.")
@click.option("--list", "listed", is_flag=True, help="List what the oracles and we see differently.")
def reuters(data: Path, cache: Path, listed: bool) -> None:
    """Near-duplicate pairs on Reuters-21578, against exact Jaccard; status 1 for one below the threshold."""
    measured = exact.measure(data, cache)
    click.echo(
        f"{len(measured.own.found)} pairs of Jaccard >= {measured.threshold} in {measured.seconds:.1f} s"
    )
    for name, agreement in (("by our shingles", measured.own), ("by plain words", measured.plain)):
        click.echo(f"{name}: {len(agreement.exact)} pairs, recall {agreement.recall:.2%}")
        click.echo(f"  missed {len(agreement.missed)}, reported below the threshold {len(agreement.unknown)}")
        for kind, pairs in (("missed", agreement.missed), ("below", agreement.unknown)) if listed else ():
            for (a, b), jaccard in sorted(pairs.items()):
                heads = " | ".join(" ".join(measured.texts[i].split())[:48] for i in (a, b))
                click.echo(f"    {kind}  {a} {b}  J {jaccard:.3f}  {heads}")
    sys.exit(1 if measured.own.unknown else 0)


@main.command()
@data_option
@click.option("--list", "listed", is_flag=True, help="List misses and false origins.")
def helsinki(data: Path, listed: bool) -> None:
    """Reuse, relations, repeats and origins on 680 articles of one event."""
    from dedup import run

    articles = gold.articles(data)
    start = time.perf_counter()
    reading = gold.read(run(articles))
    click.echo(f"{len(articles)} articles in {time.perf_counter() - start:.1f} s\n")
    show_reuse(gold.reuse(data, reading), listed=listed)
    show_relations("Gold pairs, each for itself", gold.relations(data, reading.relation), listed=listed)
    show_relations("Gold pairs by clusters", gold.relations(data, reading.cluster_relation), listed=listed)
    show_repeats(data, reading, listed=listed)
    origins.show_origins(gold.origins(data, reading), listed=listed)


@main.command()
@data_option
def ecbplus(data: Path) -> None:
    """Substantial matches between articles on one event, and whether exact shared shingles bear them out."""
    from dedup import run

    read = events.articles(data)
    start = time.perf_counter()
    result = run(read)
    click.echo(f"{len(read)} articles in {time.perf_counter() - start:.1f} s")
    found = events.substantial(read, result)
    pairs = {(borne.match.a, borne.match.b): borne.match.relation for borne in found}
    counts: Counter[str | None] = Counter(pairs.values())
    told = ", ".join(f"{counts[relation]} {relation}" for relation in gold.SHARED)
    unborne = [borne for borne in found if not borne.shingles]
    click.echo(f"{len(found)} substantial matches between {len(pairs)} pairs ({told})")
    click.echo(f"{len(unborne)} without an exact shared {events.SHINGLE}-shingle")
    for borne in unborne:
        click.echo(f"  {borne.match.a} {borne.match.b}  {borne.match.kind} {borne.match.similarity:.2f}")
        click.echo(f"    {shortened(borne.a)}\n    {shortened(borne.b)}")


def show_reuse(reuse: gold.Reuse, *, listed: bool) -> None:
    """Print how many pairs that share half a text were found."""
    click.echo(f"Reuse: {reuse.total} cross-outlet pairs with containment5 >= {gold.CONTAINMENT}")
    click.echo(f"  substantial match or one cluster  {share(len(reuse.direct), reuse.total)}")
    also = len(reuse.direct) + len(reuse.through_canonicals)
    click.echo(f"  the same through their canonicals {share(also, reuse.total)}")
    if listed:
        for name, rows in (("canonicals", reuse.through_canonicals), ("missed", reuse.missed)):
            for row in rows:
                click.echo(
                    f"  {name}  {row['a']} {row['b']}  C {row['containment5']:.2f}  J {row['jaccard5']:.2f}"
                )
    click.echo()


def show_relations(title: str, relations: gold.Relations, *, listed: bool) -> None:
    """Print the confusion of pair labels, the figures that are wanted, and each error with the reader's note."""
    labels = ["duplicate", "version", "partial", "incidental", "unrelated"]
    confusion(title, relations.counts, labels, gold.RELATIONS)
    found, missed, false = relations.same_text
    click.echo(f"  duplicate and version together: F1 {2 * found / (2 * found + missed + false):.3f}")
    click.echo(f"  partial: recall {share(*relations.share(['partial'], ['partial']))}")
    nothing = relations.share(["incidental", "unrelated"], gold.RELATIONS[3:])
    click.echo(f"  incidental and unrelated without a substantial match: {share(*nothing)}\n")
    for row, told in relations.errors() if listed else ():
        sizes = f"J {row['jaccard5']:.2f} C {row['containment5']:.2f}"
        said = f"{row['label']} told {told}".ljust(26)
        click.echo(f"    {said} {row['a']} {row['b']}  {sizes}  {row['kind'] or ''}: {row['note']}")


def show_repeats(data: Path, reading: gold.Reading, *, listed: bool) -> None:
    """Print what became of the gold's repeats, and which of ours it does not know."""
    repeats = gold.repeats(data, reading)
    kinds = ("repeat", "pullquote", "caption")
    confusion(
        "Repeats, pairs of gold spans", repeats.found, [*kinds, "template/not a repeat"], (*kinds, "none")
    )
    for kind in kinds:
        stray = sum(repeat.kind == kind for _, repeat in repeats.strays)
        known = repeats.answering[kind]
        click.echo(f"  our {kind}s in these articles that the gold knows: {share(known, known + stray)}")
    for id, repeat in repeats.strays if listed else ():
        click.echo(f"    {id}  {repeat.kind}  [{repeat.start}, {repeat.end}) of {list(repeat.of)}")
    everywhere: Counter[str] = Counter(
        repeat.kind for verdict in reading.verdicts.values() for repeat in verdict.repeats
    )
    click.echo(f"  in all articles: {', '.join(f'{everywhere[kind]} {kind}s' for kind in kinds)}\n")


@main.command()
@data_option
@click.option("--collection", default="fakes_syria", show_default=True, help="A folder with articles.jsonl.")
@click.option("--list", "listed", is_flag=True, help="List every repeat, for reading.")
def repeats(data: Path, collection: str, listed: bool) -> None:
    """What the articles of a collection without gold repeat, by kind."""
    from dedup.matching.repeats import find_repeats
    from dedup.settings import Settings
    from dedup.text.tokens import tokenise

    kinds: Counter[str] = Counter()
    articles = 0
    for row in records(find(data, collection, "articles.jsonl")):
        text = row["text"]
        (found,) = find_repeats([text], tokenise([text]), Settings().repeat_tokens)
        articles += bool(found)
        kinds.update(repeat.kind for repeat in found)
        for repeat in found if listed else ():
            block = " ".join(text[repeat.start : repeat.end].split())
            click.echo(
                f"{row['id']}  {repeat.kind}  [{repeat.start}, {repeat.end}) of {list(repeat.of)}  {block}"
            )
    click.echo(f"{articles} articles: {', '.join(f'{kinds[kind]} {kind}s' for kind in sorted(kinds))}")


@main.command()
@data_option
@click.option("--list", "listed", is_flag=True, help="List every error.")
@click.option("--seed", default=1, show_default=True, help="Of the halves that are masked.")
def origin(data: Path, listed: bool, seed: int) -> None:
    """Whose texts: 680 articles with gold, whole and with half of the credits masked; short texts; OCR."""
    from dedup import run

    reading = gold.read(run(gold.articles(data)))
    origins.show_origins(gold.origins(data, reading), listed=listed)
    origins.show_masked(masking.measure(data, reading.verdicts, seed), listed=listed)
    click.echo("AG News")
    agnews.show(agnews.measure(data), listed=listed)
    click.echo("\nImpresso")
    impresso.show(impresso.measure(data), listed=listed)


@main.command()
@data_option
@click.option("--collection", default="fakes_syria", show_default=True, help="A folder with articles.jsonl.")
@click.option("--list", "listed", is_flag=True, help="List every article, for reading.")
@click.option("--sample", type=click.IntRange(min=1), help="So many articles, evenly over the statuses.")
def unlabelled(data: Path, collection: str, listed: bool, sample: int | None) -> None:
    """Origins in a collection without gold."""
    found = origins.unlabelled(data, collection)
    origins.show_unlabelled(origins.sampled(found, sample) if sample else found, listed=listed)


@main.command()
@data_option
def seeds(data: Path) -> None:
    """The owner's five samples, claim by claim; status 1 when one fails."""
    from dedup import run

    read = samples.articles(find(data.parent, "seeds"))
    verdicts = list(samples.checks(read, run(read)))
    for claim, holds in verdicts:
        click.echo(f"{'yes' if holds else 'NO '}  {claim}")
    sys.exit(0 if all(holds for _, holds in verdicts) else 1)


@main.command()
@data_option
@click.option(
    "--sample", type=click.IntRange(min=5), help="About so many pairs, evenly over the obfuscations."
)
@click.option("--seed", default=1, show_default=True, help="Of the sample.")
@click.option(
    "--part",
    type=click.Choice(["all", "tuned", "held-out"]),
    default="all",
    help="Pairs that parameters were tuned on, or the tenth that was kept out of it. Default: all.",
)
def pan13(data: Path, sample: int | None, seed: int, part: str) -> None:
    """Plagdet of `compare` on the PAN 2013 corpus, overall and by obfuscation, and the speed of alignment."""
    texts, pairs = pan.read(data)
    if part != "all":
        pairs = [pair for pair in pairs if pan.is_held_out(pair) == (part == "held-out")]
    pairs = pan.choose(pairs, sample, seed)
    start = time.perf_counter()
    comparisons = pan.compare_all(texts, pairs, progress)
    taken = time.perf_counter() - start
    click.echo(f"{len(comparisons)} pairs, {len(comparisons) / taken:.0f} pairs/s by `compare`, one by one")
    speed = pan.aligned_per_second(texts, [one.pair for one in comparisons])
    click.echo(f"{speed:.0f} pairs/s aligned in batches, text in and spans out, one thread")
    untouched, clean = pan.clean(comparisons)
    click.echo(f"clean pairs without any match: {share(untouched, clean)}\n")
    for substantial in (False, True):
        click.echo("Substantial matches only" if substantial else "All matches")
        click.echo(f"  {'':28}{'plagdet':>8}{'recall':>8}{'prec.':>8}{'gran.':>8}")
        for name, score in pan.scores(comparisons, substantial=substantial).items():
            values = (score.plagdet, score.recall, score.precision, score.granularity)
            click.echo(f"  {name:28}" + "".join(f"{value:8.4f}" for value in values))
        click.echo()


def progress(done: int, total: int) -> None:
    """A counter on a terminal."""
    if sys.stderr.isatty() and (done % 50 == 0 or done == total):
        click.echo(f"\r{done}/{total}", err=True, nl=done == total)


if __name__ == "__main__":
    main()
