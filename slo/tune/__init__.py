"""Choosing alerts from what they would have done."""
