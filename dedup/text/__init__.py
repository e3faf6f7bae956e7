"""From characters to tokens and passages: furniture is masked, case and accents folded, offsets kept.

`furniture` finds what is no prose (`pictures` knows captions by their credits), `fold` says what each code point counts
as, `tokens` reads a batch of texts in one pass, `passages` cuts them into sentence-like units. `pages` tells pages that
are no article, `function_words` the words that tell nothing.
"""
