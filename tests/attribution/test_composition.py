"""What a text is made of, where credits conflict."""

import random
from collections import Counter
from pathlib import Path

from dedup import Article, run
from dedup.readers import read, refuse


def test_of_two_copies_with_rival_credits_each_keeps_its_own(seeds: Path) -> None:
    (original,) = read(
        [str(seeds / "ferry-strike" / "ap-original.txt")], on_reject=refuse, on_notice=lambda _: None
    )
    body = original.text.split("—", 1)[1]
    result = run([{"id": "a", "text": f"OSLO (AP) —{body}"}, {"id": "b", "text": f"OSLO (Reuters) -{body}"}])
    assert [dict(verdict.composition) for verdict in result.articles] == [{"AP": 1.0}, {"Reuters": 1.0}]


def test_every_inferred_passage_holds_the_words_of_the_place_it_names() -> None:
    draw = random.Random(3)
    syllables = [c + v for c in "bdfgklmnprst" for v in "aeiou"]
    words = ["".join(draw.choices(syllables, k=draw.randint(1, 4))) for _ in range(4000)]

    def paragraph() -> str:
        return " ".join(draw.choices(words, k=45)).capitalize() + "."

    shared = [paragraph() for _ in range(6)]
    tags = ["AP", "Reuters", "AFP"]
    texts = [
        (f"OSLO ({tags[i % 3]}) - " if i % 2 else "") + "\n\n".join([paragraph(), *draw.sample(shared, 4)])
        for i in range(30)
    ]
    by_id = {f"story-{i}": text for i, text in enumerate(texts)}
    result = run([Article(id, text, outlet=id) for id, text in by_id.items()])
    inferred = [(v.id, p) for v in result.articles for p in v.passages if p.inferred_from is not None]
    assert len(inferred) > 30
    for id, passage in inferred:
        assert passage.inferred_from is not None
        assert passage.of is not None
        here = Counter(by_id[id][passage.start : passage.end].split())
        there = Counter(by_id[passage.inferred_from][slice(*passage.of)].split())
        # At an end of it a word may be cut, or an edited one stand for another.
        assert (here & there).total() >= 0.9 * here.total()
