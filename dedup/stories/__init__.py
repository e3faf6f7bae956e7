"""From pairs to stories: clusters around a canonical article, who was first, and which way text travelled.

`filing` tells, by what stands beside their words, which articles come from one file. `clusters` joins articles to a
canonical one, and `verdicts` says what each is to it. `direction` sums up the `evidence` of which way a text went:
`dates` of publication, the times that pages have `printed`, `mentions` of one outlet by another. `sources` counts the
separate reports behind a cluster.
"""
