"""Instrumentation of the AI support agent, independent of slobook's own package."""

from __future__ import annotations

from exporter.definitions import DEFINITIONS, NAMESPACE, Definition, register

__all__ = ["DEFINITIONS", "NAMESPACE", "Definition", "register"]
