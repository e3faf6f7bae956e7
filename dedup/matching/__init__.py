"""From candidates to shared passages: exact overlap, alignment, repeats, and what a match weighs.

`overlap` verifies pairs. `align` finds their matches: from `runs` and `chains` where words were copied, from `tfidf`
where they were changed, by `growth`, `merging` and `digests` over the words of `vocabulary`; `columns` names what is
known of each match, and `spans` goes back to code points. `copied` counts what a match has word for word, by which
`weights` and `relations` judge. `repeats` does within one article what `blocks` and `forms` tell of it.
"""
