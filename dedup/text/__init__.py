"""From characters to tokens and passages: furniture is masked, case and accents folded, offsets kept."""
