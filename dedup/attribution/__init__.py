"""Whose text is it: credits read from each article, weighed, and spread along shared passages.

The agencies are data: `agencies.toml`, checked by `listing` and compiled by `agencies` into one matcher. `mentions`
finds where a text names them; `noise`, where print or OCR spoilt the name. `credits` then reads each mention once, by
where it stands on the `page`: `photos` sets the credits of pictures apart; `dateline` (with `places`), `bylines`,
`tails`, `notes` and `items` read credit lines; `grammar`, and `languages` for those other than English, read sentences.
`signoffs` and `unnamed` find credits that spell out no agency. All of them give a `reading`, by the words of the
`lexicon`. `fields` reads what stands beside the text: a byline, `hosts`, and what the metadata `declared`. `own` finds
signatures of the outlet's own people, and `style` what supports a hint.

`origin` sums up what one article says. `spread` carries it, as `claims` to stretches of text, to the articles that
copy them; `inherit` weighs what an article's copies say beside what it says itself; and `composition` divides each text
among those who wrote it.
"""
