"""From pairs to stories: clusters around a canonical article, who was first, and which way text travelled."""
