"""From candidates to shared passages: exact overlap, alignment, repeats, and what a match weighs."""
