"""What a service costs, what it is worth, why that changed, and where it leads.

``ledger`` counts dollars, tokens, calls and tickets of each UTC day from raw counters. Everything
else is arithmetic on it: ``change`` (price, volume, mix), ``forecast`` (the month), ``anomalies``,
``budgets``, ``value`` (unit cost and savings), ``comparison`` (models at equal work),
``reconciliation`` (tokens times price) and ``suggestions``.
"""
