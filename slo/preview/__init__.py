"""Grafana dashboards without Grafana: their panels from a snapshot or a Prometheus, as one page."""
