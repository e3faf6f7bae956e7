"""Tables of how time and memory grow, and of what hard corpora cost."""

from __future__ import annotations

from benchmarks.runs import (
    UNKNOWN,
    Part,
    Record,
    Table,
    count,
    cpus,
    exponent,
    finished,
    held,
    median,
    together,
    walls,
)


def scale(record: Record) -> list[Part]:
    told: list[Part] = [
        f"{record['words']} words an article, seed {record['seed']}; {count(record['rounds'], 'round')}."
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
        runs, articles = point["runs"], point["articles"]
        wall, late = median(runs, "wall"), "" if finished(runs) else "> "
        memory = held(runs)
        more = (memory - before[1]) * 1048.576 / (articles - before[0]) if before else None
        before = articles, memory
        rows.append(
            [
                f"{articles:,}",
                f"{point['megabytes']:,.0f}",
                f"{late}{wall:.1f}",
                f"{late}{median(runs, 'cpu'):.1f}",
                f"{'< ' if late else ''}{articles / wall:,.0f}",
                f"{median(runs, 'largest'):,.0f}",
                together(runs),
                UNKNOWN if more is None else f"{more:.2f}",
            ]
        )
    done = [point for point in points if finished(point["runs"])]
    if len(done) > 1:
        sizes = [point["articles"] for point in done]
        exponents = [
            exponent(sizes, [measured(point["runs"]) for point in done]) for measured in (walls, cpus, held)
        ]
        last = [
            exponent(sizes[-2:], [measured(point["runs"]) for point in done[-2:]])
            for measured in (walls, cpus, held)
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
    rest = [median(point["runs"], "wall") - spent for point, spent in zip(done, in_stages, strict=True)]
    measured = {name: [point["stages"].get(name, 0.0) for point in done] for name in names}
    for name, seconds in (measured | {"everything else": rest}).items():
        sizes = [point["articles"] for point in done]
        known = min(seconds) > 0 and len(done) > 1
        rows.append(
            [
                name,
                *(f"{each:.2f}" for each in seconds),
                f"{seconds[-1] / median(done[-1]['runs'], 'wall'):.0%}",
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
    late = "" if finished(large) else "> "
    known = finished(small)
    wall = walls(large)
    grown = exponent([tenth["size"], full["size"]], [walls(small), wall]) if known else None
    return [
        cliff["told"],
        f"{full['size']:,}",
        f"{full['megabytes']:,.1f}",
        f"{late}{wall:.2f}",
        f"{late}{wall / full['articles'] * 1e3:.3f}" if "articles" in full else UNKNOWN,
        together(large),
        f"{'' if known else '> '}{walls(small):.2f}",
        together(small),
        UNKNOWN if grown is None else f"{late}{grown:.2f}",
    ]
