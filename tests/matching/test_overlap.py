"""Overlap: what Python's sets say."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.matching.overlap import overlaps

laws = settings(deadline=None, derandomize=True)


@laws
@given(st.lists(st.sets(st.integers(0, 30)), min_size=1, max_size=6), st.data())
def test_jaccard_and_containment_are_those_of_the_sets(sets: list[set[int]], data: st.DataObject) -> None:
    bounds = np.append(0, np.cumsum([len(s) for s in sets])).astype(np.int64)
    packed = np.array([x for s in sets for x in sorted(s)], np.uint64)
    index = st.integers(0, len(sets) - 1)
    chosen = data.draw(st.lists(st.tuples(index, index), max_size=8))
    jaccard, containment = overlaps(packed, bounds, np.array(chosen, np.int64).reshape(-1, 2))
    for k, (i, j) in enumerate(chosen):
        a, b = sets[i], sets[j]
        assert jaccard[k] == (len(a & b) / len(a | b) if a and b else 0.0)
        assert containment[k] == (len(a & b) / min(len(a), len(b)) if a and b else 0.0)
