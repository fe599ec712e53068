"""The nouns: frozen, with no dependency but the standard library and numpy."""
