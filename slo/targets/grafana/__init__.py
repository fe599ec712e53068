"""Grafana as a target: dashboards, alert rules and annotations, planned first and applied later."""
