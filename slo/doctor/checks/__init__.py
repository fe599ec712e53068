"""A file a check, named as people see it: each goes from what it needs to a finding."""
