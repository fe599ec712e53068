"""The weekly report: its numbers, its page, and the runner that makes it by papermill."""
