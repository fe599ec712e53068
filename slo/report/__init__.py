"""Weekly reports: their numbers and pages, which are due, and the runs that make them."""
