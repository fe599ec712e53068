"""Pages that open from disk and ask nobody for anything."""
