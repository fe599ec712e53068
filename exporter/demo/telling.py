"""What the demonstration says on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exporter.demo.incident import MEANING

if TYPE_CHECKING:
    from exporter.demo.options import Options


def welcome(port: int, options: Options) -> str:
    """Where to look."""
    url = f"http://127.0.0.1:{port}"
    lines = [
        f"A support agent with customers, {options.rate:g} tickets a second; Ctrl-C ends it.",
        "",
        f"  {url}/          what is happening",
        f"  {url}/metrics   what Prometheus reads",
        f"  {url}/did       what the demonstration itself counts",
        "",
        "  a ticket of your own:",
        '    curl -d \'{"category": "billing", "text": "Why was I charged twice?"}\' \\',
        f"         -H 'Content-Type: application/json' {url}/tickets",
        "  a Prometheus that looks at it:",
        f"    python -m exporter.demo --port {port} --print-prometheus-config > prometheus.yml",
        "    prometheus --config.file=prometheus.yml",
        "",
    ]
    if options.incident != "none":
        lines[-1:] = [f"  in {options.incident_after:g} s: {MEANING[options.incident]}", ""]
    return "\n".join(lines)


def status(did: dict[str, Any], dollars: float) -> str:
    """How things are, in a line."""
    counts = did["counts"]
    names = {
        "received": "received",
        "resolved": "resolved",
        "escalated": "escalated",
        "error": "failed",
        "cancelled": "given up by customers",
    }
    shown = [f"{counts.get(name, 0)} {word}" for name, word in names.items()]
    return f"tickets: {', '.join(shown)}; {did['waiting']} wait; ${dollars:.4f} for models"


def summary(did: dict[str, Any], dollars: float) -> str:
    """What was done in all."""
    lines = [status(did, dollars), ""]
    for row in did["tokens"]:
        named = f"{row['provider']} {row['model']}{' (batch)' if row['batch'] else ''}"
        kinds = ("input", "cache_read", "cache_write", "output")
        tokens = ", ".join(f"{row.get(kind, 0):,} {kind}" for kind in kinds)
        lines.append(f"  {named}: {tokens}")
    return "\n".join(lines)
