"""Measurements: speed beside the peers, quality against gold; `RESULTS.md` holds figures and commands."""
