"""The weekly cost report: its numbers, what they mean in words, and its page."""
