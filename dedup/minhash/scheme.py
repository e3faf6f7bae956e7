"""The permutations, drawn exactly as datasketch 2 draws them for ``MinHash(scheme="affine32")``."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

EMPTY = np.uint32(0xFFFFFFFF)
"""Every hash of the signature of an empty set, here as in datasketch."""


@lru_cache(maxsize=8)
def permutations(num_perm: int, seed: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Factors and summands of ``a * h + b mod 2**32``: two uint32 arrays (num_perm,), the factors odd.

    Drawn with the same generator, in the same order, as datasketch's, so that signatures are interchangeable. Drawing
    them here rather than through a ``MinHash`` object spares every run the import of datasketch; a test holds the two
    together.
    """
    generator = np.random.RandomState(seed)
    factors = generator.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    summands = generator.randint(0, 1 << 32, num_perm, dtype=np.uint32)
    factors.setflags(write=False)
    summands.setflags(write=False)
    return factors, summands
