"""From tokens to candidates: shingles, signatures and fingerprints; who shares a bucket with whom.

For whole articles `scheme` draws the permutations, `signatures` takes their minima, `bands` cuts these into keys, and
`candidates` pairs articles that share one. For passages `fingerprints` chooses shingles, and `neighbours` pairs
articles that have some in common.
"""
