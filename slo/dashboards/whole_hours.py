"""Sums of what was recorded by the hour: of a day, of the days before, of a month so far.

A series such as ``...:increase1h`` says at each instant how much there was in the hour before. Its
values at the full hours lie side by side without a gap, so that their sum is that of the day.

The minute by which each stretch is moved keeps out the hour that ends where the stretch begins:
Prometheus before 3.0 looks at both ends of a stretch, and Grafana rounds its length to seconds.
"""

from __future__ import annotations


def so_far(series: str) -> str:
    """The whole hours of the panel's stretch of time up to now."""
    return f"sum_over_time({series}[$__range:1h] offset -1m)"


def of_the_day(series: str) -> str:
    """The 24 hours after each point: that of a day's beginning holds the day, today's so far.

    Give it a point a day, in UTC.
    """
    return f"sum_over_time({series}[1d:1h] offset -1d1m)"


def of_the_hour(series: str) -> str:
    """The hour after each point; nothing for the one that is not over. Give it a point an hour."""
    return f"{series} offset -1h"


def mean_of_a_week(expr: str) -> str:
    """What an hour of the last 7 days held on average; hours that nobody recorded do not count."""
    return f"avg_over_time(({expr})[7d:1h])"


REST_OF_THE_MONTH = "(24 * (days_in_month() - day_of_month() + 1) - hour())"
"""Hours, in UTC, that the month still has, the one that runs among them."""
