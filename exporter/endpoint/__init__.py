"""Where Prometheus reads the metrics: in a Flask, WSGI or ASGI application, or on an own port.

``exporter.endpoint.flask``, ``wsgi``, ``asgi`` and ``server`` each serve ``/metrics`` and
``/healthz``; ``exporter.endpoint.gunicorn`` is for several worker processes. Each may be asked for
a credential, see :class:`exporter.endpoint.access.Access`.
"""

from __future__ import annotations

from exporter.endpoint.access import ANYONE, Access

__all__ = ["ANYONE", "Access"]
