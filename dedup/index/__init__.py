"""The index that remembers: articles come one after another, and each is judged at once by all that came before.

What an article passes on its way is `index` (what users call), `arrival` (what it is looked up by, whom it meets, what
it shares with each), `neighbourhood` (articles judged from the pairs close by) and `verdicts` (what is concluded about
one of them). `ahead` compares beforehand what articles that are read together will meet; `corpus` is a batch run that
an index takes part in.

What it is judged by is a `lately` view of a store, ready to be looked at; on it `overlay` lays the article that is
only just coming, so that `add` and `check` are one.

`base` says what is kept, and what a store must do. `memory` is the plainest store; `sqlite` keeps an index in a file:

- `connection` opens the file and says what SQLite's errors mean, `blocks` are its transactions, `schema` its tables,
  its stamp and its migrations; `rows` and `packing` are what stands in the tables, `remembered` what was read of them
  last, `checks` what may be wrong with them.
- `postings` tell who has a key. A B-tree would write a page for each of an article's hundred keys; so those of the
  latest articles wait in `recent`, and go together, sorted, into `segments` that never change. `tiers` merges these,
  `catalog` keeps account of them, `filters` tell which ones lack a key, `lookup` reads the others, and `inspection`
  finds what is broken in them.
"""
