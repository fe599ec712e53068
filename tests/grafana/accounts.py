"""Who may ask the stand-in, and how that is refused."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """A service account or a person.

    Attributes:
        login: As shown under "updated by".
        role: Admin, Editor or Viewer.

    """

    login: str
    role: str


ROLES = ("Viewer", "Editor", "Admin")
"""Each may what those before it may."""

TOKENS = {
    "glsa_stand_in_admin_8sKe": Account("sa-1-slobook", "Admin"),
    "glsa_stand_in_editor_Vq3x": Account("sa-1-slobook", "Editor"),
    "glsa_stand_in_viewer_Lk81": Account("sa-2-reader", "Viewer"),
}
PASSWORDS = {
    "admin:stand/in@pass": Account("admin", "Admin"),
    "maria:bees": Account("maria", "Admin"),
}
ADMIN, EDITOR, VIEWER = TOKENS


def may(account: Account, role: str) -> bool:
    """Whether an account has a role, or a higher one."""
    return ROLES.index(account.role) >= ROLES.index(role)


def recognize(authorization: str | None) -> Account | str:
    """The account that a header names, or why there is none, in Grafana 9.4's words."""
    if not authorization:
        return "Unauthorized"
    scheme, _, credential = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return TOKENS.get(credential, "invalid API key")
    if scheme.lower() == "basic":
        try:
            pair = b64decode(credential).decode()
        except ValueError:
            return "Invalid Basic Auth Header"
        return PASSWORDS.get(pair, "invalid username or password")
    return "Unauthorized"


def lacking(action: str) -> dict[str, str]:
    """The body of a 403 by role-based access control."""
    return {
        "title": "Access denied",
        "message": (
            "You'll need additional permissions to perform this action. "
            f"Permissions needed: {action}"
        ),
        "accessErrorId": "ACE0123456789",
    }
