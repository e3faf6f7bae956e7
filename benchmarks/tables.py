"""Tables of what benchmarks found, from the records that they wrote: the same for a terminal and for RESULTS.md."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from math import log
from typing import Any

from benchmarks.machine import sentence

Record = dict[str, Any]
Table = list[list[str]]
Part = str | Table

UNKNOWN = "–"


def parts(record: Record) -> list[Part]:
    """What a record says: paragraphs, and tables as rows with the head first."""
    told = f"{sentence(record['machine'])}. `{record['command']}`"
    return [told, *_BENCHMARKS[record["benchmark"]](record)]


def speed(record: Record) -> list[Part]:
    against = [name for name in record["against"] if name in record["runs"]]
    head = ["process", "wall s", "min–max", "CPU s", "largest MiB", "together MiB", "articles/s"]
    rows = [head + [f"× {peer}" for peer in against]]
    for name, runs in record["runs"].items():
        wall = _median(runs, "wall")
        late = "" if _finished(runs) else "> "
        rows.append(
            [
                name,
                f"{late}{wall:.2f}",
                f"{min(r['wall'] for r in runs):.2f}–{max(r['wall'] for r in runs):.2f}",
                f"{late}{_median(runs, 'cpu'):.2f}",
                f"{_median(runs, 'largest'):.0f}",
                _together(runs),
                f"{'< ' if late else ''}{record['corpus']['articles'] / wall:,.0f}",
                *(_times(record["runs"][peer], runs) for peer in against),
            ]
        )
    rounds = max(len(runs) for runs in record["runs"].values())
    said = f"{_corpus(record)}; {_count(rounds, 'round')}, medians; ratios are medians over rounds."
    if not all(_finished(runs) for runs in record["runs"].values()):
        said += f" What was not done after {record['cut_off']:.0f} s was stopped, and its ratios are lower bounds."
    compiling = [f"{name} {seconds:.1f} s" for name, seconds in record["first"].items()]
    if compiling:
        said += f" A first run of 500 articles, which compiles its kernels: {', '.join(compiling)}."
    return [said, rows, *_peers(record)]


def kernel(record: Record) -> list[Part]:
    articles, seconds = record["corpus"]["articles"], record["seconds"]
    counts = sorted({count for each in seconds.values() for count in each}, key=int)
    head = ["text to signature"]
    head += [f"articles/s, {_count(int(count), 'worker')}" for count in counts]
    head += [f"{counts[-1]} by 1"] if len(counts) > 1 else []
    head += [f"dedup is × as fast, {_count(int(count), 'worker')}" for count in counts]
    rows = [head]
    for name, each in seconds.items():
        row = [name, *(f"{articles / statistics.median(each[count]):,.0f}" for count in counts)]
        if len(counts) > 1:
            row.append(f"{_ratio(each[counts[0]], each[counts[-1]]):.2f}")
        rows.append(row + [_against(seconds, each, count) for count in counts])
    said = (
        f"{_corpus(record)}; shingles of {record['shingle']} words, {record['permutations']} permutations; "
        f"medians of {_count(record['rounds'], 'round')}; `dedup` is the faster of its two."
    )
    return [said, rows, *([_kernel_parts(record)] if record["parts"] else []), *_peers(record)]


def _against(seconds: dict[str, dict[str, list[float]]], theirs: dict[str, list[float]], count: str) -> str:
    ours = [each[count] for name, each in seconds.items() if name.startswith("dedup")]
    if not ours or any(each is theirs.get(count) for each in ours):
        return UNKNOWN
    return f"{_ratio(theirs[count], min(ours, key=statistics.median)):.1f}"


def _kernel_parts(record: Record) -> Table:
    articles = record["corpus"]["articles"]
    threads = sorted({part["threads"] for part in record["parts"]})
    head = ["part of the kernel"]
    for count in threads:
        head += [f"µs an article, {_count(count, 'thread')}", "of the limit"]
    rows = [head]
    for name in dict.fromkeys(part["part"] for part in record["parts"]):
        row = [name]
        for count in threads:
            part = next(p for p in record["parts"] if (p["part"], p["threads"]) == (name, count))
            row += [f"{part['seconds'] / articles * 1e6:.2f}", f"{part['of_limit']:.0%}"]
        rows.append(row)
    return rows


def scale(record: Record) -> list[Part]:
    told: list[Part] = [
        f"{record['words']} words an article, seed {record['seed']}; {_count(record['rounds'], 'round')}."
    ]
    for mode, points in record["modes"].items():
        if points:
            told += [f"{mode}:", _growth(points), *_stages(points)]
    return told


def _growth(points: list[Record]) -> Table:
    rows = [
        [
            "articles",
            "MB",
            "wall s",
            "CPU s",
            "articles/s",
            "largest MiB",
            "together MiB",
            "kB more an article",
        ]
    ]
    before: tuple[int, float] | None = None
    for point in points:
        runs, count = point["runs"], point["articles"]
        wall, late = _median(runs, "wall"), "" if _finished(runs) else "> "
        held = _held(runs)
        more = (held - before[1]) * 1048.576 / (count - before[0]) if before else None
        before = count, held
        rows.append(
            [
                f"{count:,}",
                f"{point['megabytes']:,.0f}",
                f"{late}{wall:.1f}",
                f"{late}{_median(runs, 'cpu'):.1f}",
                f"{'< ' if late else ''}{count / wall:,.0f}",
                f"{_median(runs, 'largest'):,.0f}",
                _together(runs),
                UNKNOWN if more is None else f"{more:.2f}",
            ]
        )
    done = [point for point in points if _finished(point["runs"])]
    if len(done) > 1:
        sizes = [point["articles"] for point in done]
        exponents = [
            exponent(sizes, [measured(point["runs"]) for point in done])
            for measured in (_walls, _cpus, _held)
        ]
        last = [
            exponent(sizes[-2:], [measured(point["runs"]) for point in done[-2:]])
            for measured in (_walls, _cpus, _held)
        ]
        for name, (wall, cpu, memory) in (
            ("exponent, all sizes", exponents),
            ("exponent, the last two", last),
        ):
            rows.append([name, "", f"{wall:.2f}", f"{cpu:.2f}", "", "", f"{memory:.2f}", ""])
    return rows


def _stages(points: list[Record]) -> list[Part]:
    done = [point for point in points if point["stages"]]
    if not done:
        return []
    names = list(dict.fromkeys(name for point in done for name in point["stages"]))
    head = ["stage, s"] + [f"{point['articles']:,}" for point in done] + ["of the last", "exponent"]
    rows = [head]
    in_stages = [sum(point["stages"].values()) for point in done]
    rest = [_median(point["runs"], "wall") - spent for point, spent in zip(done, in_stages, strict=True)]
    measured = {name: [point["stages"].get(name, 0.0) for point in done] for name in names}
    for name, seconds in (measured | {"everything else": rest}).items():
        sizes = [point["articles"] for point in done]
        known = min(seconds) > 0 and len(done) > 1
        rows.append(
            [
                name,
                *(f"{each:.2f}" for each in seconds),
                f"{seconds[-1] / _median(done[-1]['runs'], 'wall'):.0%}",
                f"{exponent(sizes, seconds):.2f}" if known else UNKNOWN,
            ]
        )
    return [rows]


def cliffs(record: Record) -> list[Part]:
    told: list[Part] = []
    for mode in dict.fromkeys(each["mode"] for each in record["cliffs"]):
        head = ["articles", "size", "MB", "wall s", "ms an article", "together MiB"]
        rows = [[*head, "wall s at a tenth", "together MiB at a tenth", "exponent of time"]]
        for each in record["cliffs"]:
            if each["mode"] == mode:
                rows.append(_fall(each))
        told += [f"{mode}:", rows]
    if record["share"] != 1:
        told.insert(0, f"Sizes are {record['share']:g} of the full ones.")
    return told


def _fall(cliff: Record) -> list[str]:
    tenth, full = cliff["points"]
    small, large = tenth["runs"], full["runs"]
    late = "" if _finished(large) else "> "
    known = _finished(small)
    wall = _walls(large)
    grown = exponent([tenth["size"], full["size"]], [_walls(small), wall]) if known else None
    return [
        cliff["told"],
        f"{full['size']:,}",
        f"{full['megabytes']:,.1f}",
        f"{late}{wall:.2f}",
        f"{late}{wall / full['articles'] * 1e3:.3f}" if "articles" in full else UNKNOWN,
        _together(large),
        f"{'' if known else '> '}{_walls(small):.2f}",
        _together(small),
        UNKNOWN if grown is None else f"{late}{grown:.2f}",
    ]


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The power of the size that the values grow by: the slope of their logarithms by least squares."""
    line = statistics.linear_regression([log(size) for size in sizes], [log(value) for value in values])
    return float(line.slope)


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
    said = f"{record['corpus']}; Jaccard of shingles of {record['shingle']} ≥ {record['threshold']}, every pair counted."
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
    if not _finished(ours):
        return UNKNOWN
    late = "" if _finished(theirs) else "> "
    return f"{late}{statistics.median(a['wall'] / b['wall'] for a, b in rounds):.2f}"


def _ratio(theirs: Iterable[float], ours: Iterable[float]) -> float:
    return statistics.median(a / b for a, b in zip(theirs, ours, strict=True))


def _median(runs: list[Record], name: str) -> float:
    return float(statistics.median(run[name] for run in runs))


def _walls(runs: list[Record]) -> float:
    return _median(runs, "wall")


def _cpus(runs: list[Record]) -> float:
    return _median(runs, "cpu")


def _held(runs: list[Record]) -> float:
    """MiB of all processes at once, or of the largest where that is not known or was more."""
    return float(statistics.median(max(run["together"] or 0.0, run["largest"]) for run in runs))


def _together(runs: list[Record]) -> str:
    return f"{_held(runs):,.0f}" if all(run["together"] is not None for run in runs) else UNKNOWN


def _finished(runs: list[Record]) -> bool:
    return all(run["finished"] for run in runs)


def _share(counts: dict[str, int]) -> str:
    return f"{counts['found'] / counts['exact']:.2%}" if counts["exact"] else UNKNOWN


def _figure(value: float | str | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
