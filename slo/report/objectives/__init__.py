"""The weekly SLO report: its numbers, what they mean in words, and its page."""
