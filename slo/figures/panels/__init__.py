"""Panels of dashboards, one kind a file, and how Grafana writes numbers.

They draw what a panel was found to hold; ``slo.preview`` finds it out.
"""
