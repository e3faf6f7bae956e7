"""Ahead: comparisons of several articles with what is there and with each other, made at once before the first arrives.

What two articles share depends on these two alone, and kernels that compare many pairs take a fraction of the time for
each. Which pairs will be asked for is foreseen by fingerprints alone: what is not foreseen is compared on arrival.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dedup.index.arrival import Side, Signed, compare_sides, first_where_many
from dedup.index.base import Ints, Pair, Store
from dedup.index.lately import View
from dedup.settings import Settings


class Ahead:
    """What was compared ahead for a batch of articles.

    Args:
        batch: In the order in which they will arrive.
        view: Of the store.
    """

    def __init__(self, batch: Sequence[Signed], store: Store, view: View, settings: Settings) -> None:
        self._of_each: list[dict[int, Pair]] = [{} for _ in batch]
        if not settings.passages or len(batch) < 2:
            return
        foreseen = _foreseen(batch, store, settings)
        numbers = sorted({a for a, _ in foreseen if a >= 0})
        heads, articles, readings = view.heads(numbers), view.articles(numbers), view.readings(numbers)
        sides = [Side(articles[n].text, readings[n].furniture, heads[n].body, heads[n].sign) for n in numbers]
        sides += [Side(each.article.text, each.reading.furniture, each.body, each.sign) for each in batch]
        local = {number: i for i, number in enumerate(numbers)}
        local |= {~place: len(numbers) + place for place in range(len(batch))}
        pairs = [(local[a], local[~place]) for a, place in foreseen]
        for (a, place), pair in zip(foreseen, compare_sides(sides, pairs, settings), strict=True):
            self._of_each[place][a] = pair

    def of(self, place: int) -> dict[int, Pair]:
        """What was compared with an article of the batch, by number."""
        return self._of_each[place]

    def arrived(self, place: int, number: int) -> None:
        """An article of the batch has this number now."""
        for found in self._of_each[place + 1 :]:
            if ~place in found:
                found[number] = found.pop(~place)
        self._of_each[place] = {}


def _foreseen(batch: Sequence[Signed], store: Store, settings: Settings) -> list[tuple[int, int]]:
    """The pairs that will be asked for by the fingerprints that they share, most of them.

    Returns:
        A number, or ``~place`` of an earlier article of the batch, and the place of an article in the batch; ascending.
    """
    own = [np.unique(each.fingerprints.keys) for each in batch]
    sizes = np.array([len(keys) for keys in own], np.int64)
    every, key = np.unique(np.concatenate(own), return_inverse=True)
    owner = np.repeat(np.arange(len(batch)), sizes)
    cap = settings.bucket_cap
    stored = first_where_many(store.fingerprint_carriers(every, cap), cap)
    by_key = np.argsort(key, kind="stable")
    # Those of the batch that carry a key come after those that are there, as far as the cap goes.
    before, inside = np.bincount(stored.key, minlength=len(every)), np.bincount(key, minlength=len(every))
    rare = before + inside < cap
    kept = rare[key[by_key]]
    carried = np.concatenate((stored.key, key[by_key][kept]))
    carrier = np.concatenate((stored.number, ~owner[by_key][kept]))
    order = np.argsort(carried, kind="stable")
    bounds = np.searchsorted(carried[order], np.arange(len(every) + 1))
    counts = np.diff(bounds)[key]
    at = np.repeat(bounds[key] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
    met, place = carrier[order][at], np.repeat(owner, counts)
    earlier = (met >= 0) | (~met < place)
    shared = np.stack((place[earlier], met[earlier]))
    found, times = np.unique(shared, axis=1, return_counts=True)
    return _strongest(found, times, np.minimum(settings.passage_shared, sizes), settings.neighbours)


def _strongest(found: Ints, times: Ints, least: Ints, most: int) -> list[tuple[int, int]]:
    """Of each place the numbers that it shares most with, as many as are looked at."""
    enough = times >= least[found[0]]
    (place, met), times = found[:, enough], times[enough]
    order = np.lexsort((met, -times, place))
    rank = np.arange(len(order)) - np.searchsorted(place[order], place[order])
    chosen = order[rank < most]
    return sorted(zip(met[chosen].tolist(), place[chosen].tolist(), strict=True))
