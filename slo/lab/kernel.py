"""The only kernel of the workbench: this interpreter."""

from __future__ import annotations

from jupyter_client.kernelspec import KernelSpecManager


class ThisInterpreter(KernelSpecManager):
    """Looks for no installed kernels, one of which may bear our kernel's name and be another."""

    def _kernel_dirs_default(self) -> list[str]:
        return []
