"""JupyterLab as a workbench: notebooks in the order of the work, a layout, and the server.

Settings, layouts and the list of notebooks lie in a folder of our own, one a project; what people
set in JupyterLab itself wins over them and is never written by us.
"""

from slo.lab.frame import PageFrame

__all__ = ["PageFrame"]
