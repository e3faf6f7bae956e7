"""Laws of a run, on the invented corpus and on small texts: what holds whatever the verdicts are."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dedup import Article, Match, Result, Settings, run
from dedup.readers import read, refuse
from dedup.text.fold import fold
from dedup.writers import dumps, to_record, write

SEEDS = Path(__file__).parents[1] / "seeds"
FILES = ("articles.jsonl", "clusters.jsonl", "matches.jsonl", "rejects.jsonl")

STORY = (
    "PORT HESK — The council of Port Hesk voted on Tuesday to close the old grain pier before winter, "
    "after divers found eleven of its oak piles eaten through below the low-water line. "
    "Engineers had given the pier two more years in their last survey, which the harbour master called optimistic. "
    "Boats that land there now will share the fish quay until a floating stage arrives from the yard at Tarn. "
    "The cheapest repair on the table costs four million crowns, more than the harbour earns in three years. "
    "Councillor Ada Brinnel, who voted against, said the town was burying its oldest wall to save on paint. "
    "A public hearing is set for the first week of the new year in the customs house."
)
OTHER = (
    "Beekeepers in the Lowen valley lost a third of their colonies to a wet spring, their guild reported. "
    "The lime trees flowered nine days late, and in many gardens the bees had starved by then. "
    "Guild chairman Otmar Fesk asked the province to pay for sugar until the heather opens in August. "
    "Last year the valley sold sixty tonnes of honey, most of it to bakers on the coast."
)


@cache
def seeds() -> tuple[Article, ...]:
    return tuple(read([str(SEEDS)], on_reject=refuse, on_notice=lambda _: None))


@cache
def of_seeds() -> Result:
    return run(seeds())


@cache
def by_id() -> dict[str, Article]:
    return {article.id: article for article in seeds()}


def findings(result: Result) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Everything but timings, in an order of its own."""
    parts: tuple[Sequence[object], ...] = result.articles, result.clusters, result.matches
    first, second, third = (sorted(dumps(to_record(each)) for each in part) for part in parts)
    return first, second, third


def alphanumerics(text: str) -> str:
    """What is left of a text without case, accents, punctuation, and the markup that only one copy may have."""
    plain = html.unescape(re.sub(r"<[^>]*>|\[/?\w+[^\]]*\]", "", text))
    return "".join(char for char in fold(plain) if char.isalnum())


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_input_changes_nothing(seed: int) -> None:
    shuffled = list(seeds())
    random.Random(seed).shuffle(shuffled)
    result = run(shuffled)
    assert findings(result) == findings(of_seeds())
    assert [verdict.id for verdict in result.articles] == [article.id for article in shuffled]


def test_the_number_of_threads_changes_nothing() -> None:
    # More articles than one batch holds, so that there is something to share out.
    many = [replace(article, id=f"{i}-{article.id}") for i in range(7) for article in seeds()]
    one, two = (run(many, Settings(jobs=jobs)) for jobs in (1, 2))
    assert (one.articles, one.clusters, one.matches) == (two.articles, two.clusters, two.matches)
    assert one.summary["fingerprint"] == two.summary["fingerprint"]


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("once", "again"):
        write(run(seeds()), tmp_path / name)
    for name in FILES:
        assert (tmp_path / "once" / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_verdicts_stand_in_input_order_and_carry_what_was_read() -> None:
    told = [(v.id, v.outlet, v.title, v.url, v.published) for v in of_seeds().articles]
    assert told == [(a.id, a.outlet, a.title, a.url, a.published) for a in seeds()]


def test_every_match_lies_in_both_texts_and_quotes_them() -> None:
    kinds = set()
    for match in of_seeds().matches:
        a, b = by_id()[match.a].text, by_id()[match.b].text
        assert 0 <= match.a_start < match.a_end <= len(a)
        assert 0 <= match.b_start < match.b_end <= len(b)
        said, answered = a[match.a_start : match.a_end], b[match.b_start : match.b_end]
        assert 0 < match.similarity <= 1
        if match.kind == "verbatim":
            assert alphanumerics(said) == alphanumerics(answered)
            assert match.similarity == 1
        kinds.add(match.kind)
    assert {"verbatim", "edited"} <= kinds


def test_matches_of_a_pair_do_not_overlap_on_both_sides() -> None:
    pairs: dict[tuple[str, str], list[Match]] = {}
    for match in of_seeds().matches:
        pairs.setdefault((match.a, match.b), []).append(match)
    assert not {(b, a) for a, b in pairs} & set(pairs)
    for matches in pairs.values():
        for i, one in enumerate(matches):
            for two in matches[i + 1 :]:
                apart_in_a = one.a_end <= two.a_start or two.a_end <= one.a_start
                apart_in_b = one.b_end <= two.b_start or two.b_end <= one.b_start
                assert apart_in_a or apart_in_b, (one, two)


def test_repeats_and_credits_lie_in_their_text() -> None:
    for verdict in of_seeds().articles:
        text = by_id()[verdict.id].text
        for repeat in verdict.repeats:
            assert 0 <= repeat.of[0] < repeat.of[1] <= repeat.start < repeat.end <= len(text)
        for credit in verdict.credits:
            if credit.end:
                assert text[credit.start : credit.end] == credit.text


def test_compositions_are_shares_of_a_whole() -> None:
    for verdict in of_seeds().articles:
        assert all(0 <= share <= 1 for share in verdict.composition.values()), verdict.id
        if verdict.composition:
            assert sum(verdict.composition.values()) == pytest.approx(1, abs=0.01), verdict.id


def test_clusters_and_verdicts_say_the_same() -> None:
    verdicts = {verdict.id: verdict for verdict in of_seeds().articles}
    clustered = [member for cluster in of_seeds().clusters for member in cluster.members]
    assert len(clustered) == len(set(clustered))
    assert set(clustered) == {v.id for v in verdicts.values() if v.cluster}
    for cluster in of_seeds().clusters:
        assert cluster.size == len(cluster.members) >= 2
        assert cluster.canonical in cluster.members
        assert cluster.first is None or cluster.first in cluster.members
        assert 1 <= cluster.independent_sources <= cluster.size
        for member in cluster.members:
            verdict = verdicts[member]
            assert (verdict.cluster, verdict.canonical) == (cluster.id, cluster.canonical)
            assert (verdict.relation == "original") == (member == cluster.canonical)
    for verdict in verdicts.values():
        assert (verdict.relation in ("original", "duplicate", "version")) == (verdict.cluster is not None)
        assert (verdict.relation == "unique") == (verdict.canonical is None)
        assert verdict.canonical is None or verdict.canonical in verdicts
        assert (verdict.similarity is None) == (verdict.relation in ("unique", "original"))


@pytest.mark.parametrize("settings", [Settings(), Settings(passages=False)], ids=["passages", "no passages"])
def test_every_member_matches_its_canonical_directly(settings: Settings) -> None:
    result = run(seeds(), settings)
    linked = {frozenset((m.a, m.b)) for m in result.matches if m.weight == "substantial"}
    assert result.clusters
    for verdict in result.articles:
        if verdict.relation in ("duplicate", "version"):
            assert verdict.similarity is not None
            near = verdict.similarity.jaccard >= settings.threshold
            assert near or frozenset((verdict.id, verdict.canonical)) in linked, verdict.id


def test_an_unrelated_article_leaves_the_others_as_they_were() -> None:
    known = of_seeds()
    result = run([*seeds()[:40], Article("beekeepers", OTHER, outlet="lowen.example"), *seeds()[40:]])
    added = next(verdict for verdict in result.articles if verdict.id == "beekeepers")
    assert (added.relation, added.cluster) == ("unique", None)
    assert tuple(v for v in result.articles if v.id != "beekeepers") == known.articles
    assert (result.clusters, result.matches) == (known.clusters, known.matches)


def test_no_article_at_all() -> None:
    result = run([])
    assert (result.articles, result.clusters, result.matches, result.rejects) == ((), (), (), ())
    assert result.summary["articles"] == 0


@pytest.mark.parametrize(
    "settings", [Settings(), Settings(passages=False, origin=False)], ids=["all", "narrow"]
)
@pytest.mark.parametrize("text", ["", "word", "\0", "\ud800", "   \n", STORY], ids=ascii)
def test_one_article_is_unique(text: str, settings: Settings) -> None:
    result = run([Article("only", text)], settings)
    assert [(v.id, v.relation, v.cluster, v.canonical) for v in result.articles] == [
        ("only", "unique", None, None)
    ]
    assert (result.clusters, result.matches) == ((), ())


@pytest.mark.parametrize("count", [2, 60])
def test_copies_of_one_text_are_one_cluster_however_many(count: int) -> None:
    # 60 are more than `bucket_cap`, so that the bucket is linked as a star.
    assert (count > Settings().bucket_cap) == (count == 60)
    result = run([Article(f"copy-{i:02}", STORY, published=f"2024-03-{1 + i % 28:02}") for i in range(count)])
    (cluster,) = result.clusters
    assert cluster.size == count
    assert cluster.canonical == "copy-00"
    assert {v.relation for v in result.articles if v.id != "copy-00"} == {"duplicate"}
    assert all(v.similarity.jaccard == 1 for v in result.articles if v.similarity)
    assert len(result.matches) < count * count / 2 if count > 2 else len(result.matches) == 1


def test_texts_too_short_to_tell_never_cluster() -> None:
    short = ("", " ", "word", "Word", "two words", "Rain stopped play", "\0\0", "…", "12 34")
    result = run([Article(f"{i}-{j}", text) for i, text in enumerate(short) for j in range(3)])
    assert result.clusters == ()
    assert {verdict.relation for verdict in result.articles} == {"unique"}


def test_a_canonical_is_the_earliest_else_the_longest_else_the_first_by_id() -> None:
    undated = [
        Article("b", STORY),
        Article("a", STORY),
        Article("longer", STORY + " Fishermen plan to protest."),
    ]
    dated = [
        *undated,
        Article("late", STORY, published="2024-05-02"),
        Article("z", STORY, published="2024-05-01"),
    ]
    assert [cluster.canonical for cluster in run(undated[:2]).clusters] == ["a"]
    assert [cluster.canonical for cluster in run(undated).clusters] == ["longer"]
    assert [cluster.canonical for cluster in run(dated).clusters] == ["z"]


def test_two_true_pairs_joined_by_a_bridge_are_not_one_cluster_of_strangers() -> None:
    bridge = Article("bridge", f"{STORY}\n\n{OTHER}", published="2024-05-03")
    ends = [Article("pier", STORY, published="2024-05-01"), Article("bees", OTHER, published="2024-05-02")]
    for cluster in run([*ends, bridge]).clusters:
        assert not {"pier", "bees"} <= set(cluster.members)


def test_a_threshold_decides_what_is_near() -> None:
    copy = STORY.replace("Tuesday", "Monday").replace("winter", "spring").replace("oak", "elm")
    articles = [Article("one", STORY), Article("two", copy)]
    narrow: Callable[[float], Settings] = lambda threshold: Settings(threshold=threshold, passages=False)  # noqa: E731
    assert len(run(articles, narrow(0.5)).clusters) == 1
    assert len(run(articles, narrow(0.99)).clusters) == 0


def test_without_passages_there_are_no_matches_and_no_repeats() -> None:
    result = run(seeds(), Settings(passages=False))
    assert result.matches == ()
    assert not any(verdict.repeats for verdict in result.articles)
    assert result.clusters


def test_without_origin_nothing_is_attributed_and_the_rest_stays() -> None:
    result = run(seeds(), Settings(origin=False))
    assert not any(v.credits or v.composition or v.origin.agency for v in result.articles)
    assert result.summary["origins"] == {}
    known = of_seeds()
    assert [(v.id, v.relation, v.canonical) for v in result.articles] == [
        (v.id, v.relation, v.canonical) for v in known.articles
    ]


def test_records_may_be_mappings_and_articles_alike() -> None:
    mapping: dict[str, Any] = {"id": "m", "body": STORY, "source": "hesk.example", "pages": 2}
    result = run([mapping, Article("a", OTHER)])
    assert [(v.id, v.outlet) for v in result.articles] == [("m", "hesk.example"), ("a", None)]


def test_what_is_no_article_is_rejected_and_the_run_goes_on() -> None:
    given: list[Any] = [
        {"id": "a", "text": STORY},
        {"id": "a", "text": OTHER},
        {"id": "b"},
        {"text": None},
        7,
    ]
    result = run(given)
    assert [verdict.id for verdict in result.articles] == ["a"]
    assert [(reject.line, reject.id) for reject in result.rejects] == [
        (2, "a"),
        (3, "b"),
        (4, None),
        (5, None),
    ]
    assert "already stands at articles line 1" in result.rejects[0].reason
    assert result.summary["rejects"] == 4


def test_the_summary_counts_what_is_there() -> None:
    result, summary = of_seeds(), of_seeds().summary
    assert summary["articles"] == len(result.articles) == sum(summary["relations"].values())
    assert summary["clusters"] == len(result.clusters)
    assert sum(summary["matches"].values()) == len(result.matches)
    assert summary["articles_with_repeats"] == sum(bool(v.repeats) for v in result.articles) > 0
    assert sum(summary["origins"].values()) <= len(result.articles)
    assert summary["settings"]["threshold"] == 0.7
    assert summary["fingerprint"] == Settings().fingerprint
    assert set(summary["stages"]) >= {
        "read and sign",
        "propose articles",
        "verify",
        "align near-duplicates",
        "propose passages",
        "align passages",
        "weigh",
        "conclude",
    }
    assert summary["peak_memory_mib"] > 0
    assert {"dedup", "python", "numpy", "numba"} <= set(summary["versions"])


def test_progress_is_told_stage_by_stage_and_never_beyond_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    run(seeds(), progress=lambda stage, done, total: told.append((stage, done, total)))
    assert told[0][0] == "read and sign"
    assert {stage for stage, _, _ in told} == set(of_seeds().summary["stages"])
    assert all(done <= total for _, done, total in told if total)


def test_what_a_worker_can_hold_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also not where one text is too long for any batch."""
    long = Article("long", " ".join([*(article.text for article in seeds()[:40]), STORY, OTHER]))
    articles = [*seeds(), long]
    usual = run(articles)
    for module in ("batch", "intake"):
        monkeypatch.setattr(f"dedup.{module}.CODE_POINTS_A_BATCH", 9000)
    assert findings(run(articles)) == findings(usual)
