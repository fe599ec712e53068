"""A project: specifications, their history, and what is made of both."""

from slo.project.project import Project, configured_project, open_project

__all__ = ["Project", "configured_project", "open_project"]
