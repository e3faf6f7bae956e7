"""Bands: the probability curve is what happens, and the defaults keep what their docstring says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.minhash.bands import band_keys, collision_probability
from dedup.minhash.scheme import EMPTY
from dedup.settings import Settings

laws = settings(deadline=None, derandomize=True)


@laws
@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 64), st.integers(1, 16))
def test_the_curve_rises_from_nothing_to_certainty(one: float, other: float, bands: int, rows: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= collision_probability(low, bands, rows) <= collision_probability(high, bands, rows) <= 1
    assert collision_probability(0, bands, rows) == 0
    assert collision_probability(1, bands, rows) == 1
    # More bands find more; more rows find less.
    assert collision_probability(low, bands + 1, rows) >= collision_probability(low, bands, rows) - 1e-12
    assert collision_probability(low, bands, rows + 1) <= collision_probability(low, bands, rows) + 1e-12


@pytest.mark.parametrize(
    ("similarity", "bands", "rows"), [(0.7, 32, 4), (0.5, 32, 4), (0.3, 8, 2), (0.55, 8, 2), (0.1, 8, 2)]
)
def test_the_curve_is_what_happens(similarity: float, bands: int, rows: int) -> None:
    rng = np.random.default_rng(3)
    trials, width = 20_000, bands * rows
    one = rng.integers(0, 2**31, (trials, width), np.uint32)
    other = rng.integers(2**31, 2**32 - 1, (trials, width), np.uint32)
    other = np.where(rng.random((trials, width)) < similarity, one, other)
    share_a_key = np.any(band_keys(one, bands, rows) == band_keys(other, bands, rows), axis=1).mean()
    expected = collision_probability(similarity, bands, rows)
    assert abs(share_a_key - expected) <= 4 * (expected * (1 - expected) / trials) ** 0.5 + 1e-4


def test_the_defaults_keep_the_promise_of_their_docstring() -> None:
    chosen = Settings()
    articles = chosen.bands, chosen.rows
    assert collision_probability(chosen.threshold, *articles) > 0.9998
    assert collision_probability(0.5, *articles) == pytest.approx(0.87, abs=0.005)
    assert collision_probability(0.1, *articles) == pytest.approx(0.003, abs=0.0005)


def test_keys_belong_to_their_band_and_rows() -> None:
    signature = np.full((1, 12), 7, np.uint32)
    keys = band_keys(signature, 3, 4)
    assert len(set(keys[0].tolist())) == 3, "the same hashes in two bands are not the same key"
    changed = signature.copy()
    changed[0, 5] += 1
    assert (band_keys(changed, 3, 4) != keys).tolist() == [[False, True, False]]
    assert np.array_equal(band_keys(np.append(signature, [[1]], axis=1).astype(np.uint32), 3, 4), keys)


def test_only_an_empty_signature_has_key_0() -> None:
    empty = np.full((2, 8), EMPTY, np.uint32)
    empty[1, 7] = 0
    keys = band_keys(empty, 4, 2)
    assert not keys[0].any()
    assert keys[1].all()
    assert band_keys(np.zeros((0, 8), np.uint32), 4, 2).shape == (0, 4)
