"""History of a service: raw samples from Prometheus or a file, and labelled incidents."""
