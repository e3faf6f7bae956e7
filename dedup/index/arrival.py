"""Arrival: an article as it comes in, what it is looked up by, which articles it meets, and what it shares with each.

The same pairs are compared as in a batch run over the articles so far: `dedup.minhash.candidates`, `dedup.minhash.
neighbours` and `dedup.stories.clusters.settle` define them by the earlier articles alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.attribution.agencies import Agencies
from dedup.index.base import Carriers, Head, Keys, Pair, Reading, Store, digest_of
from dedup.index.lately import View
from dedup.index.overlay import Overlay
from dedup.matching.columns import PAIR
from dedup.matching.relations import DUPLICATE, NONE, VERSION
from dedup.minhash.fingerprints import Fingerprints
from dedup.model import Article, Attribution, Origin
from dedup.settings import Settings
from dedup.stages import (
    align_batch,
    judge_alone,
    sign_batch,
    split,
    uncovered,
    verify_batch,
)
from dedup.stories.clusters import settle
from dedup.stories.filing import Sign, gathered, sign_of
from dedup.text.furniture import Furniture, captions

_UNCREDITED = Attribution(Origin(), ())


class Signed(NamedTuple):
    """An article, and what is known of it by itself.

    Attributes:
        digest: Of its text.
        body: Tokens outside captions.
        bands: uint64, the keys of its bands, distinct; none for a text without shingles.
        fingerprints: Of the article, which is number 0 in them.
    """

    article: Article
    digest: bytes
    sign: Sign
    body: int
    reading: Reading
    bands: npt.NDArray[np.uint64]
    fingerprints: Fingerprints


class Arrival(NamedTuple):
    """An article on its way into a store: its pairs are those with earlier articles."""

    head: Head
    article: Article
    reading: Reading
    keys: Keys
    pairs: list[Pair]


class Home(NamedTuple):
    """What canonical an article has when pairs are judged alone.

    Attributes:
        home: Its number.
        settled: Nothing that later articles share with others can give it another one.
        pairs: Those that count, with what had to be compared for joining a cluster.
    """

    home: int
    settled: bool
    pairs: list[Pair]


class Side(NamedTuple):
    """What comparing looks at of an article.

    Attributes:
        body: Tokens outside captions.
    """

    text: str
    furniture: list[Furniture]
    body: int
    sign: Sign


def sign(articles: Sequence[Article], settings: Settings, agencies: Agencies | None) -> list[Signed]:
    """What is known of articles by themselves.

    Args:
        agencies: The list to read credits by; None to read none.
    """
    found = sign_batch([article.text for article in articles], settings)
    bounds = found.fingerprints.bounds.tolist()
    signed = []
    for i, article in enumerate(articles):
        own = _UNCREDITED
        if agencies is not None:
            from dedup.attribution.origin import attribute_with

            own = attribute_with(article, captions(found.furniture[i]), agencies)
        inside = slice(bounds[i], bounds[i + 1])
        keys, starts = found.fingerprints.keys[inside], found.fingerprints.starts[inside]
        bands = np.unique(found.keys[i])
        signed.append(
            Signed(
                article,
                digest_of(article.text),
                sign_of(article, own.origin if agencies is not None else None),
                int(found.body[i]),
                Reading(own, found.furniture[i], found.repeats[i]),
                bands[bands > 0],
                Fingerprints(keys, starts, np.array([0, len(keys)])),
            )
        )
    return signed


def arrive(
    signed: Signed,
    head: Head,
    changed: Mapping[int, Head],
    store: Store,
    below: View,
    settings: Settings,
    ahead: Mapping[int, Pair],
) -> Arrival:
    """What an article shares with those that came before it, and which canonical it has.

    Args:
        head: With its number, id and signs; what is found of its group is filled in.
        changed: Heads that change with its coming.
        below: Of the store.
        ahead: What was compared with it before it arrived, by number.
    """
    number = head.number
    near = _near_duplicates(signed, store, below, settings, ahead)
    heads = below.heads(near)
    group = _strongest(near, heads, number)
    folded = group != number and store.near_size(group, settings.bucket_cap) >= settings.bucket_cap
    head = head._replace(near=group, folded=folded, home=number, settled=True)
    view = Overlay(below, head, signed.article, signed.reading, changed)
    fingerprints = signed.fingerprints.keys
    if not settings.passages:
        pairs = compare(view, [(e, number) for e in sorted(near)], settings, ahead=ahead)
    elif folded:
        pairs = compare(view, [(group, number)], settings, ahead=ahead)
        fingerprints, _ = uncovered(
            signed.fingerprints,
            settings.passage_shingle,
            pairs[0].aligned._replace(pairs=np.array([[1, 0]])),
            np.zeros(1, np.int64),
        )
        known = {group}
        pairs += compare(view, _beyond(known, number, fingerprints, store, settings), settings, ahead=ahead)
    else:
        known = {e for e in near if not heads[e].folded}
        met = _beyond(known, number, fingerprints, store, settings)
        pairs = compare(view, sorted([*((e, number) for e in known), *met]), settings, ahead=ahead)
    found = home_of(view, number, pairs, settings, ahead)
    keys = Keys(signed.bands, np.unique(fingerprints))
    return Arrival(
        head._replace(home=found.home, settled=found.settled),
        signed.article,
        signed.reading,
        keys,
        [pair for pair in found.pairs if pair.relation != NONE or len(pair.aligned.rows)],
    )


def home_of(
    view: View,
    number: int,
    pairs: Sequence[Pair],
    settings: Settings,
    ahead: Mapping[int, Pair] = MappingProxyType({}),
) -> Home:
    """Find the canonical of an article by its pairs with earlier ones, each judged alone.

    Args:
        view: Has the heads of the earlier ones, whose canonicals are known.
        pairs: All that were compared, for whatever reason.
        ahead: Further ones that were compared, by number.
    """
    if not pairs:
        return Home(number, True, [])
    pairs = list(pairs)
    while True:
        heads = view.heads(pair.a for pair in pairs)
        homes = {number: number} | {e: head.home for e, head in heads.items()}
        homes |= {home: home for home in homes.values()}
        local = {each: i for i, each in enumerate(sorted(homes))}
        told = settle(
            len(local),
            np.array([(local[pair.a], local[number]) for pair in pairs], np.int64).reshape(-1, 2),
            np.array([pair.relation for pair in pairs], np.uint8),
            np.array([_strength(pair) for pair in pairs], np.float64),
            np.array([pair.joined for pair in pairs], np.bool_),
            np.array([local[homes[each]] for each in local], np.int64),
        )
        back = list(local)
        missing = [(back[a], number) for a, _ in told.missing.tolist()] if settings.passages else []
        if not missing:
            break
        pairs += compare(view, missing, settings, joined=True, ahead=ahead)
    kept = [
        pair for pair, asked in zip(pairs, told.justified.tolist(), strict=True) if asked or not pair.joined
    ]
    home = back[told.home[local[number]]]
    return Home(home, _is_settled(home, kept, heads), kept)


def _is_settled(home: int, pairs: Sequence[Pair], heads: Mapping[int, Head]) -> bool:
    """Whether an article keeps its canonical whatever else comes.

    That many others carry what two articles share can end their relation, but not bring one about: `relate` takes the
    words out of what is shared and out of what there is to share.
    """
    return not any(
        pair.countable or (pair.relation >= VERSION and not heads[pair.a].settled)
        for pair in pairs
        if pair.relation >= VERSION or pair.a == home
    )


def compare(
    view: View,
    pairs: Sequence[tuple[int, int]],
    settings: Settings,
    *,
    joined: bool = False,
    ahead: Mapping[int, Pair] = MappingProxyType({}),
) -> list[Pair]:
    """Compare pairs of articles in full, and judge each alone.

    Args:
        pairs: Numbers, the earlier first.
        joined: They are compared for joining a cluster only.
        ahead: What was compared before, by the number of the earlier article: with the one that is later in all pairs.
    """
    if not pairs:
        return []
    missing = [pair for pair in pairs if pair[0] not in ahead]
    numbers = sorted({number for pair in missing for number in pair})
    local = {number: i for i, number in enumerate(numbers)}
    heads, articles, readings = view.heads(numbers), view.articles(numbers), view.readings(numbers)
    sides = [Side(articles[n].text, readings[n].furniture, heads[n].body, heads[n].sign) for n in numbers]
    compared = compare_sides(sides, [(local[a], local[b]) for a, b in missing], settings)
    known = {a: ahead[a] for a, _ in pairs if a in ahead}
    found = dict(zip(missing, compared, strict=True))
    return [
        one._replace(
            a=a, b=b, aligned=one.aligned._replace(pairs=np.array([(a, b)], np.int64)), joined=joined
        )
        for a, b in pairs
        for one in (known[a] if a in known else found[a, b],)
    ]


def compare_sides(sides: Sequence[Side], pairs: Sequence[tuple[int, int]], settings: Settings) -> list[Pair]:
    """Compare pairs of articles, counted as in `sides`, in full, and judge each alone."""
    if not pairs:
        return []
    stage = align_batch if settings.passages else verify_batch
    aligned = stage(
        [side.text for side in sides],
        np.array(pairs, np.int64),
        settings,
        [side.furniture for side in sides],
    )
    body = np.array([side.body for side in sides], np.int64)
    alone = judge_alone(aligned, body, gathered([side.sign for side in sides]), settings.threshold)
    parts = split(aligned)
    reasons = np.split(
        alone.reason[np.argsort(aligned.rows[:, PAIR], kind="stable")],
        np.cumsum([len(part.rows) for part in parts[:-1]]),
    )
    return [
        Pair(a, b, one, relation, False, countable, reason)
        for (a, b), one, relation, countable, reason in zip(
            pairs, parts, alone.relation.tolist(), alone.countable.tolist(), reasons, strict=True
        )
    ]


def group_of(number: int, earlier: Sequence[Pair], view: View, settings: Settings) -> int:
    """The canonical of an article's group of near-duplicates, by the pairs with earlier ones that it has."""
    alike = {pair.a: float(pair.aligned.jaccard[0]) for pair in earlier}
    near = {other: jaccard for other, jaccard in alike.items() if jaccard >= settings.threshold}
    return _strongest(near, view.heads(near), number)


def _strongest(near: Mapping[int, float], heads: Mapping[int, Head], number: int) -> int:
    """Of the canonicals among the near-duplicates the one that matches best, of equals the earliest."""
    canonicals = [other for other in near if heads[other].near == other]
    return max(canonicals, key=lambda other: (near[other], -other), default=number)


def _near_duplicates(
    signed: Signed, store: Store, view: View, settings: Settings, ahead: Mapping[int, Pair]
) -> dict[int, float]:
    """The earlier articles at or above the threshold, with their exact Jaccard similarity."""
    carriers = store.band_carriers(signed.bands, settings.bucket_cap)
    proposed = set(first_where_many(carriers, settings.bucket_cap).number.tolist())
    jaccard = {number: float(ahead[number].aligned.jaccard[0]) for number in proposed & ahead.keys()}
    missing = sorted(proposed - ahead.keys())
    if missing:
        articles, readings = view.articles(missing), view.readings(missing)
        texts = [*(articles[number].text for number in missing), signed.article.text]
        furniture = [*(readings[number].furniture for number in missing), signed.reading.furniture]
        pairs = np.array([(i, len(missing)) for i in range(len(missing))], np.int64)
        verified = verify_batch(texts, pairs, settings, furniture).jaccard
        jaccard.update(zip(missing, verified.tolist(), strict=True))
    return {number: jaccard[number] for number in sorted(proposed) if jaccard[number] >= settings.threshold}


def _beyond(
    known: Iterable[int],
    number: int,
    fingerprints: npt.NDArray[np.uint32],
    store: Store,
    settings: Settings,
) -> list[tuple[int, int]]:
    """Pairs with the earlier articles that share most fingerprints, without those known already."""
    keys = np.unique(fingerprints)
    carriers = first_where_many(store.fingerprint_carriers(keys, settings.bucket_cap), settings.bucket_cap)
    if not len(carriers.number):
        return []
    found, shared = np.unique(carriers.number, return_counts=True)
    enough = shared >= min(settings.passage_shared, len(keys))
    found, shared = found[enough], shared[enough]
    strongest = found[np.lexsort((found, -shared))[: settings.neighbours]]
    return [(e, number) for e in sorted(set(strongest.tolist()).difference(known))]


def first_where_many(carriers: Carriers, cap: int) -> Carriers:
    """Of each key with `cap` carriers or more the first one only."""
    if not len(carriers.key):
        return carriers
    first = np.append(True, carriers.key[1:] != carriers.key[:-1])
    few = np.bincount(carriers.key)[carriers.key] < cap
    return Carriers(carriers.key[first | few], carriers.number[first | few])


def _strength(pair: Pair) -> float:
    return float(pair.aligned.jaccard[0] + pair.aligned.containment[0] + (pair.relation == DUPLICATE))
