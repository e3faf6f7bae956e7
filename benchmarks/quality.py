"""Quality against exact overlap and against gold, on real collections that stay outside the project.

python -m benchmarks quality reuters|newswire|helsinki|ecbplus|repeats|seeds|pan13|origin|unlabelled [--data FOLDER]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

import click

from benchmarks import agnews, impresso, masking, origins, samples
from benchmarks import ecbplus as events
from benchmarks import helsinki as gold
from benchmarks import pan13 as pan
from benchmarks.data import find, records
from benchmarks.options import data_option
from benchmarks.plagdet import Score
from benchmarks.recall import newswire, reuters
from benchmarks.results import publish, results_option
from benchmarks.show import confusion, share, shortened


@click.group(help="Quality against exact overlap and against gold, on collections outside the project.")
def main() -> None: ...


for command in (reuters, newswire):
    main.add_command(command)


@main.command()
@data_option
@click.option("--list", "listed", is_flag=True, help="List misses and false origins.")
@results_option
def helsinki(data: Path, listed: bool, results: Path) -> None:
    """Reuse, relations, repeats and origins on 680 articles of one event."""
    from dedup import run

    articles = gold.articles(data)
    start = time.perf_counter()
    reading = gold.read(run(articles))
    click.echo(f"{len(articles)} articles in {time.perf_counter() - start:.1f} s\n")
    reuse = gold.reuse(data, reading)
    alone, clustered = (gold.relations(data, say) for say in (reading.relation, reading.cluster_relation))
    named = gold.origins(data, reading)
    show_reuse(reuse, listed=listed)
    show_relations("Gold pairs, each for itself", alone, listed=listed)
    show_relations("Gold pairs by clusters", clustered, listed=listed)
    show_repeats(data, reading, listed=listed)
    origins.show_origins(named, listed=listed)
    kinds = {"each pair for itself": relation_figures(alone), "by clusters": relation_figures(clustered)}
    figures = {
        "reuse": {"pairs that share half a text": {"found": share(len(reuse.direct), reuse.total)}},
        "relations": {
            name: {kind: of[name] for kind, of in kinds.items()} for name in relation_figures(alone)
        },
        "origins": {name: {"right": right} for name, right in origins.figures(named).items()},
    }
    publish(results, "quality-helsinki", "figures", {"figures": figures})


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
    for name, value in relation_figures(relations).items():
        click.echo(f"  {name}: {value}")
    click.echo()
    for row, told in relations.errors() if listed else ():
        sizes = f"J {row['jaccard5']:.2f} C {row['containment5']:.2f}"
        said = f"{row['label']} told {told}".ljust(26)
        click.echo(f"    {said} {row['a']} {row['b']}  {sizes}  {row['kind'] or ''}: {row['note']}")


def relation_figures(relations: gold.Relations) -> dict[str, str]:
    """The figures that are wanted, by name."""
    found, missed, false = relations.same_text
    return {
        "duplicate and version together, F1": f"{2 * found / (2 * found + missed + false):.3f}",
        "partial, recall": share(*relations.share(["partial"], ["partial"])),
        "incidental and unrelated without a substantial match": share(
            *relations.share(["incidental", "unrelated"], gold.RELATIONS[3:])
        ),
    }


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
@results_option
def pan13(data: Path, sample: int | None, seed: int, part: str, results: Path) -> None:
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
    figures = {
        title: {name: score_figures(one) for name, one in pan.scores(comparisons, substantial=only).items()}
        for title, only in (("all matches", False), ("substantial matches only", True))
    }
    name = "quality-pan13" if part == "all" else f"quality-pan13-{part}"
    publish(results, name, "figures", {"pairs": len(comparisons), "figures": figures})


def score_figures(score: Score) -> dict[str, str]:
    """A score's parts by name."""
    values = {name: getattr(score, name) for name in ("plagdet", "recall", "precision", "granularity")}
    return {name: f"{value:.4f}" for name, value in values.items()}


def progress(done: int, total: int) -> None:
    """A counter on a terminal."""
    if sys.stderr.isatty() and (done % 50 == 0 or done == total):
        click.echo(f"\r{done}/{total}", err=True, nl=done == total)


if __name__ == "__main__":
    main()
