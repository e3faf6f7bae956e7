"""From candidates to shared passages: exact overlap, alignment to the character, repeats, and how much a match weighs."""
