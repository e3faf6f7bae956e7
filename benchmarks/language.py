"""An invented newspaper language: Zipfian words, sentences of 8 to 35 words, quotations, names, places."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate

_FUNCTION_WORDS = """
the of to a and in that on for said with as by at from was it his have has is an be are were which will not
had after but who their its been they more would about than one when up or out also over this new into he she
two last there could against first year people some government before between during other years while under
three state told officials country police week since where because most only no if all both such
"""
_ONSETS = "b c d f g h j k l m n p r s t v w br cl cr dr fl gr pl pr sh sl sp st th tr ch"
_VOWELS = "a e i o u a e i o ai ea ee io ou"
FUNCTION_WORDS, ONSETS, VOWELS = _FUNCTION_WORDS.split(), _ONSETS.split(), _VOWELS.split()
CODAS = ["", "", "", "n", "r", "s", "l", "t", "nd", "st", "m", "ck", "ng"]
STOCK = (
    "according to a statement issued on Monday",
    "the ministry said in a statement",
    "on condition of anonymity because they were not authorised to speak",
    "officials were not immediately available for comment",
    "who asked not to be named",
)
TITLES = ("Minister", "Gen.", "Dr.", "Mayor", "spokesman", "spokeswoman", "Prof.", "analyst")
SHORTEST, LONGEST, USUAL = 8, 35, 19
VOCABULARY = 20_000


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and places that one story keeps returning to."""

    people: tuple[str, ...]
    places: tuple[str, ...]


class Language:
    """A vocabulary with its word frequencies, and the sentences made from it.

    Word ranks follow Zipf and Mandelbrot's law, weight ``1 / (rank + 2.7)``: English function words come
    first, invented words after them. Everything is drawn from the ``random.Random`` handed in.
    """

    def __init__(self, rng: random.Random, size: int = VOCABULARY) -> None:
        self._rng = rng
        invented: dict[str, None] = {}
        while len(invented) < size - len(FUNCTION_WORDS):
            invented.setdefault(self._word())
        # Zipf's other law: frequent words are short.
        self.words = FUNCTION_WORDS + sorted(invented, key=len)
        self._weights = list(accumulate(1.0 / (rank + 2.7) for rank in range(len(self.words))))
        self.surnames = [self._word().capitalize() for _ in range(1500)]
        self.cities = [self._word().capitalize() for _ in range(300)]

    def _word(self) -> str:
        rng = self._rng
        syllables = rng.choices((1, 2, 3, 4), weights=(2, 5, 4, 1))[0]
        parts = [rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(syllables)]
        return "".join(parts) + rng.choice(CODAS)

    def draw(self, count: int) -> list[str]:
        """Draw `count` words by their frequencies."""
        return self._rng.choices(self.words, cum_weights=self._weights, k=count)

    def person(self) -> str:
        """Invent a name."""
        return f"{self._word().capitalize()} {self._rng.choice(self.surnames)}"

    def cast(self) -> Cast:
        """Invent the people and places of one story."""
        people = tuple(self.person() for _ in range(3))
        return Cast(people, tuple(self._rng.sample(self.cities, 2)))

    def headline(self, cast: Cast) -> str:
        """A headline of five to ten words that names one of the cast."""
        words = self.draw(self._rng.randint(4, 9))
        return " ".join([self._rng.choice(cast.people).split()[1], *words])

    def sentence(self, cast: Cast) -> str:
        """One sentence: plain, with figures, with a stock phrase, or a quotation with its speaker."""
        rng = self._rng
        count = round(rng.triangular(SHORTEST, LONGEST, USUAL))
        words = self.draw(count)
        if rng.random() < 0.5:
            words[rng.randrange(1, count)] = rng.choice(cast.places)
        if count > 16:
            words[rng.randrange(5, count - 5)] += ","
        kind = rng.random()
        if kind < 0.18:
            speaker = rng.choice(cast.people)
            lead = " ".join(words)
            return f"“{lead[0].upper()}{lead[1:]},” said {rng.choice(TITLES)} {speaker.split()[1]}."
        if kind < 0.28:
            figure = f"{rng.randint(2, 99)} percent" if kind < 0.23 else f"{rng.randint(2, 999) * 100:,}"
            words[rng.randrange(2, count - 1)] = figure
        elif kind < 0.31:
            words[rng.randrange(2, count - 1)] = "the U.N."
        elif kind < 0.37:
            words[0] = rng.choice(cast.people)
        text = " ".join(words)
        tail = f", {rng.choice(STOCK)}" if rng.random() < 0.04 else ""
        return f"{text[0].upper()}{text[1:]}{tail}."
