"""Error ratios and alert states from raw samples, exactly as Prometheus computes them."""
