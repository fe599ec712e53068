"""Alertmanager: how it is reached, and whom its routes tell."""
