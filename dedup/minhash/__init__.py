"""From tokens to candidates: shingles, signatures and fingerprints; who shares a bucket with whom."""
