"""From tokens to candidates: shingles, MinHash signatures, band keys, and who shares a bucket with whom."""
