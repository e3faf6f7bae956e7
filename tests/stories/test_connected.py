"""What is concluded of an article depends on those alone that it is connected with, by links, matches and stories.

So a run may conclude one set of connected stories at a time, numbered anew in the same order, and join the answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.attribution.composition import compose
from dedup.attribution.origin import attribute
from dedup.attribution.spread import Link, spread
from dedup.model import Article, Attribution, Cluster, Match, PairRelation
from dedup.stories.clusters import build_clusters
from dedup.stories.direction import directed
from dedup.stories.verdicts import Provenance

STORY = (
    "Barges waited at the lock of Velm on Monday after a gate jammed, the harbour office said. Divers looked for a "
    "cable below the gate until dusk, and the office hoped to open one chamber on Tuesday.\n"
    "Skippers from three countries moored along the canal. None of them had been told how long it would take.\n"
)
OPENINGS = (
    "",
    "VELM (AP) - ",
    "VELM (Reuters) - ",
    "VELM (AFP/AP) - ",
    "By Anna Berg, Staff writer\n",
    "A witness told Reuters that it was loud.\n",
    "The Sund Courier first reported the delay.\n",
)
OUTLETS = (None, "The Sund Courier", "velmpost.example", "reuters.com")
PUBLISHED = (None, "2031-05-06T08:00:00Z", "2031-05-06T09:30:00Z", "2031-05-09")


class Corpus(NamedTuple):
    """Articles in order of precedence, what their own text says, and what connects them."""

    articles: list[Article]
    own: list[Attribution]
    links: list[Link]
    home: list[int]
    matches: list[Match]
    boilerplate: list[list[tuple[int, int]]]


ARTICLES = st.lists(
    st.tuples(
        st.sampled_from(OPENINGS),
        st.sampled_from(OUTLETS),
        st.sampled_from(PUBLISHED),
        st.sampled_from((None, (0, 40), (200, 260))),
    ),
    min_size=1,
    max_size=9,
)


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    drawn = draw(ARTICLES)
    articles = [
        Article(f"{i}", f"{opening}{STORY}", outlet=outlet, published=published)
        for i, (opening, outlet, published, _) in enumerate(drawn)
    ]
    links, matches = [], []
    home = list(range(len(articles)))
    numbers = st.integers(0, len(articles) - 1)
    for a, b in draw(st.sets(st.tuples(numbers, numbers), max_size=10)):
        if a >= b:
            continue
        relation: PairRelation = draw(st.sampled_from(("duplicate", "version", "partial")))
        low, size = draw(st.integers(0, 100)), draw(st.integers(20, 200))
        ours = len(articles[a].text) - len(STORY) + low, len(articles[a].text) - len(STORY) + low + size
        theirs = len(articles[b].text) - len(STORY) + low, len(articles[b].text) - len(STORY) + low + size
        links.append(Link(a, b, ours, theirs, relation != "partial"))
        matches.append(
            Match(f"{a}", f"{b}", *ours, *theirs, 1.0, "verbatim", "substantial", relation=relation)
        )
        if relation != "partial" and home[a] == a and home[b] == b and b not in home[:b] + home[b + 1 :]:
            home[b] = a
    boilerplate = [[span] if span else [] for *_, span in drawn]
    return Corpus(articles, [attribute(article) for article in articles], links, home, matches, boilerplate)


def concluded(corpus: Corpus) -> tuple[list[Provenance], list[Match], list[Cluster]]:
    heard = spread(corpus.articles, corpus.own, corpus.links, families=corpus.home, apart=corpus.boilerplate)
    known = []
    for i, told in enumerate(heard):
        article, credits, apart = corpus.articles[i], corpus.own[i].credits, corpus.boilerplate[i]
        passages, shares = compose(article, told, credits, (), apart, family=corpus.home[i])
        known.append(Provenance(told.origin, credits, shares, passages))
    matches = directed(corpus.articles, corpus.matches, known, [each.passages for each in known])
    origins, compositions = [each.origin for each in known], [each.composition for each in known]
    clusters = build_clusters(corpus.articles, np.array(corpus.home), origins, compositions, matches)
    return known, matches, clusters


def connected(corpus: Corpus) -> list[list[int]]:
    """The numbers of the articles, in sets that nothing connects, each in order."""
    label = list(range(len(corpus.articles)))
    ties = [(link.a, link.b) for link in corpus.links] + list(enumerate(corpus.home))
    for a, b in ties:
        label = [label[a] if each == label[b] else each for each in label]
    return [[i for i, each in enumerate(label) if each == name] for name in sorted(set(label))]


def part(corpus: Corpus, chosen: Sequence[int]) -> Corpus:
    """Some of the articles by themselves, numbered anew in the same order."""
    number = {i: k for k, i in enumerate(chosen)}
    inside = {corpus.articles[i].id for i in chosen}
    return Corpus(
        [corpus.articles[i] for i in chosen],
        [corpus.own[i] for i in chosen],
        [link._replace(a=number[link.a], b=number[link.b]) for link in corpus.links if link.a in number],
        [number[corpus.home[i]] for i in chosen],
        [match for match in corpus.matches if match.a in inside],
        [corpus.boilerplate[i] for i in chosen],
    )


@settings(max_examples=60, deadline=None)
@given(corpora())
def test_connected_stories_by_themselves_are_concluded_as_in_the_whole(corpus: Corpus) -> None:
    known, matches, clusters = concluded(corpus)
    joined: dict[int, Provenance] = {}
    told: dict[tuple[str, str], Match] = {}
    found: dict[str, Cluster] = {}
    for chosen in connected(corpus):
        own, ours, stories = concluded(part(corpus, chosen))
        joined.update(zip(chosen, own, strict=True))
        told.update({(match.a, match.b): match for match in ours})
        found.update({cluster.id: cluster for cluster in stories})
    assert [joined[i] for i in range(len(known))] == known
    assert [told[match.a, match.b] for match in matches] == matches
    assert [found[id] for id in sorted(found, key=int)] == clusters
