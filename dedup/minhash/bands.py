"""Bands: a signature's rows cut into keys, such that similar texts share at least one key.

Why the defaults are what they are. With b bands of r rows, two texts of Jaccard similarity s share a key with
probability ``1 - (1 - s**r)**b`` (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4). LSH only
proposes; every pair is verified on the exact sets, so a false candidate costs microseconds and a missed one is lost
for good. The defaults therefore lean to recall.

With 32 bands of 4 rows (128 hashes) and the threshold at 0.7, a pair at the threshold is missed once in 6,400 times
(`collision_probability(0.7, 32, 4)` is 0.99985), one at 0.5 is still found at 0.87, and one at 0.1, what unrelated
stories of one event share at most, is looked at in 0.3 % of the cases. Articles that share passages only are found by
`fingerprints`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.minhash.scheme import EMPTY

_FNV_BASIS = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(32)


def collision_probability(similarity: float, bands: int, rows: int) -> float:
    """Probability that two sets of this Jaccard similarity share at least one band key."""
    return float(1.0 - (1.0 - similarity**rows) ** bands)


def band_keys(signatures: npt.NDArray[np.uint32], bands: int, rows: int) -> npt.NDArray[np.uint64]:
    """The keys of every signature: uint64 (n, bands). Signatures of empty texts get key 0 throughout.

    Args:
        signatures: uint32 (n, num_perm) with ``num_perm >= bands * rows``; further hashes are not used.
    """
    keys = np.zeros((len(signatures), bands), np.uint64)
    _band_keys(signatures, rows, keys)
    return keys


@kernel
def _band_keys(signatures: npt.NDArray[np.uint32], rows: int, keys: npt.NDArray[np.uint64]) -> None:
    for i in range(len(keys)):
        blank = True
        for column in range(signatures.shape[1]):
            blank = blank and signatures[i, column] == EMPTY
        if blank:
            continue
        for band in range(keys.shape[1]):
            h = _FNV_BASIS + np.uint64(band)
            for row in range(rows):
                h = (h ^ np.uint64(signatures[i, band * rows + row])) * _FNV_PRIME
                h = h ^ (h >> _SHIFT)
            h = h * _MIX
            h = h ^ (h >> _SHIFT)
            keys[i, band] = max(h, np.uint64(1))
