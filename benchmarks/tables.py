"""Tables of what benchmarks found, from the records that they wrote: the same for a terminal and for RESULTS.md."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable

from benchmarks.growth_tables import cliffs, scale
from benchmarks.machine import sentence
from benchmarks.runs import UNKNOWN, Part, Record, Table, count, finished, median, together


def parts(record: Record) -> list[Part]:
    """What a record says: paragraphs, and tables as rows with the head first."""
    told = f"{sentence(record['machine'])}. `{record['command']}`"
    return [told, *_BENCHMARKS[record["benchmark"]](record)]


def speed(record: Record) -> list[Part]:
    against = [name for name in record["against"] if name in record["runs"]]
    head = ["process", "wall s", "min–max", "CPU s", "largest MiB", "together MiB", "articles/s"]
    rows = [head + [f"× {peer}" for peer in against]]
    for name, runs in record["runs"].items():
        wall = median(runs, "wall")
        late = "" if finished(runs) else "> "
        rows.append(
            [
                name,
                f"{late}{wall:.2f}",
                f"{min(r['wall'] for r in runs):.2f}–{max(r['wall'] for r in runs):.2f}",
                f"{late}{median(runs, 'cpu'):.2f}",
                f"{median(runs, 'largest'):.0f}",
                together(runs),
                f"{'< ' if late else ''}{record['corpus']['articles'] / wall:,.0f}",
                *(_times(record["runs"][peer], runs) for peer in against),
            ]
        )
    rounds = max(len(runs) for runs in record["runs"].values())
    said = f"{_corpus(record)}; {count(rounds, 'round')}, medians; ratios are medians over rounds."
    if not all(finished(runs) for runs in record["runs"].values()):
        said += f" What was not done after {record['cut_off']:.0f} s was stopped, and its ratios are lower bounds."
    compiling = [f"{name} {seconds:.1f} s" for name, seconds in record["first"].items()]
    if compiling:
        said += f" A first run of 500 articles, which compiles its kernels: {', '.join(compiling)}."
    return [said, rows, *_peers(record)]


def kernel(record: Record) -> list[Part]:
    articles, seconds = record["corpus"]["articles"], record["seconds"]
    counts = sorted({number for each in seconds.values() for number in each}, key=int)
    head = ["text to signature"]
    head += [f"articles/s, {count(int(number), 'worker')}" for number in counts]
    head += [f"{counts[-1]} by 1"] if len(counts) > 1 else []
    head += [f"dedup is × as fast, {count(int(number), 'worker')}" for number in counts]
    rows = [head]
    for name, each in seconds.items():
        row = [name, *(f"{articles / statistics.median(each[number]):,.0f}" for number in counts)]
        if len(counts) > 1:
            row.append(f"{_ratio(each[counts[0]], each[counts[-1]]):.2f}")
        rows.append(row + [_against(seconds, each, number) for number in counts])
    said = (
        f"{_corpus(record)}; shingles of {record['shingle']} words, {record['permutations']} permutations; "
        f"medians of {count(record['rounds'], 'round')}; `dedup` is the faster of its two."
    )
    return [said, rows, *([_kernel_parts(record)] if record["parts"] else []), *_peers(record)]


def _against(seconds: dict[str, dict[str, list[float]]], theirs: dict[str, list[float]], number: str) -> str:
    ours = [each[number] for name, each in seconds.items() if name.startswith("dedup")]
    if not ours or any(each is theirs.get(number) for each in ours):
        return UNKNOWN
    return f"{_ratio(theirs[number], min(ours, key=statistics.median)):.1f}"


def _kernel_parts(record: Record) -> Table:
    articles = record["corpus"]["articles"]
    threads = sorted({part["threads"] for part in record["parts"]})
    head = ["part of the kernel"]
    for number in threads:
        head += [f"µs an article, {count(number, 'thread')}", "of the limit"]
    rows = [head]
    for name in dict.fromkeys(part["part"] for part in record["parts"]):
        row = [name]
        for number in threads:
            part = next(p for p in record["parts"] if (p["part"], p["threads"]) == (name, number))
            row += [f"{part['seconds'] / articles * 1e6:.2f}", f"{part['of_limit']:.0%}"]
        rows.append(row)
    return rows


def recall(record: Record) -> list[Part]:
    head = ["oracle", "pairs", "found", "recall", "below the threshold"]
    more = ["in stories of at most 48", "recall of these", "articles with a near-duplicate", "known for one"]
    rows = [head + more]
    for oracle in record["oracles"]:
        pairs, small, paired = oracle["pairs"], oracle["small"], oracle["articles"]
        rows.append(
            [
                oracle["name"],
                f"{pairs['exact']:,}",
                f"{pairs['found']:,}",
                _share(pairs),
                f"{oracle['below']:,}",
                f"{small['exact']:,}",
                _share(small),
                f"{paired['exact']:,}",
                _share(paired),
            ]
        )
    said = f"{record['corpus']}; every pair of Jaccard ≥ {record['threshold']}, of shingles of {record['shingle']}."
    return [said, rows]


def figures(record: Record) -> list[Part]:
    """What has no shape of its own: figures by name, in tables by their titles."""
    told: list[Part] = []
    for title, named in record["figures"].items():
        columns = list(next(iter(named.values())))
        rows = [[title, *columns]]
        rows += [[name, *(_figure(values[column]) for column in columns)] for name, values in named.items()]
        told.append(rows)
    return told


_BENCHMARKS: dict[str, Callable[[Record], list[Part]]] = {
    "speed": speed,
    "kernel": kernel,
    "scale": scale,
    "cliffs": cliffs,
    "recall": recall,
    "figures": figures,
}


def _corpus(record: Record) -> str:
    corpus = record["corpus"]
    size = f"{corpus['articles']:,} articles of {corpus['words']} words ({corpus['megabytes']} MB)"
    return f"{size}, seed {corpus['seed']}"


def _peers(record: Record) -> list[Part]:
    told = []
    if record["peers"]:
        told.append(", ".join(f"{name} {number}" for name, number in record["peers"].items()) + ".")
    told += [f"Left out: {name}, which {why}." for name, why in record["skipped"].items()]
    return ["\n".join(told)] if told else []


def _times(theirs: list[Record], ours: list[Record]) -> str:
    """How many times as long theirs took, in the rounds that both took part in."""
    rounds = list(zip(theirs, ours, strict=False))
    if not finished(ours):
        return UNKNOWN
    late = "" if finished(theirs) else "> "
    return f"{late}{statistics.median(a['wall'] / b['wall'] for a, b in rounds):.2f}"


def _ratio(theirs: Iterable[float], ours: Iterable[float]) -> float:
    return statistics.median(a / b for a, b in zip(theirs, ours, strict=True))


def _share(counts: dict[str, int]) -> str:
    return f"{counts['found'] / counts['exact']:.2%}" if counts["exact"] else UNKNOWN


def _figure(value: float | str | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
