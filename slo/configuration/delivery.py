"""The tables [[delivery]]: where reports are taken when they are made, a table a way."""

from __future__ import annotations

import re
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator, model_validator

from slo.configuration.fields import Section, VariableName
from slo.report.kinds import KINDS


def _one_line(value: str) -> str:
    if not re.fullmatch(r"\S(.{0,58}\S)?", value):
        message = "a name of one line, at most 60 letters"
        raise ValueError(message)
    return value


_Name = Annotated[str, AfterValidator(_one_line)]
_Variable = Annotated[VariableName, Field(min_length=1)]


class DeliverySection(Section):
    """What is said of every way.

    Attributes:
        to: Which way.
        name: What people and records call it; ``to`` if not given.
        reports: Kinds of reports; all if none is named.
        services: Whose reports; every service's if none is named.
        when: Whether only reports are delivered that say that something fell short.

    """

    to: str
    name: _Name = ""
    reports: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    when: Literal["always", "falls short"] = "always"

    @field_validator("reports")
    @classmethod
    def _kinds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = [kind.name for kind in KINDS]
        if not set(value) <= set(known):
            message = f"some of {', '.join(map(repr, known))}"
            raise ValueError(message)
        return value

    @property
    def called(self) -> str:
        """Its name, or what it is called where it has none."""
        return self.name or self.to

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables of the environment that it asks for."""
        return ()

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """Those of them whose values must stand nowhere: all but names of users."""
        return self.variables


class FolderSection(DeliverySection):
    """A folder, on this machine or mounted on it.

    Attributes:
        path: The folder that services' folders are put into.

    """

    to: Literal["folder"]
    path: Path


class ObjectStoreSection(DeliverySection):
    """A store that fsspec knows: S3, Google Cloud Storage, Azure, SFTP and others.

    Attributes:
        url: What services' folders are put behind, such as ``s3://bucket/reports``.
        option_envs: Options of the store, each with the variable that holds its value.

    """

    to: Literal["object-store"]
    url: str
    option_envs: dict[str, _Variable] = Field(default_factory=dict)

    @field_validator("url")
    @classmethod
    def _store(cls, value: str) -> str:
        parts = urlsplit(value)
        if not re.match(r"[a-z][a-z0-9+.-]*://[^\s:]", value) or "::" in value:
            message = "an address such as 's3://bucket/reports'"
            raise ValueError(message)
        # https://filesystem-spec.readthedocs.io: Azure's address has its container before an @.
        if (parts.password or "@" in parts.netloc) and parts.scheme not in ("abfs", "abfss"):
            message = "an address without credentials, which belong into option_envs"
            raise ValueError(message)
        if parts.password or parts.query or parts.fragment:
            message = "an address without ? and #; options belong into option_envs"
            raise ValueError(message)
        return value

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables of the environment that it asks for."""
        return tuple(self.option_envs.values())


class MailSection(DeliverySection):
    """People, by mail.

    Attributes:
        host: The server that takes mail.
        port: Its port; 587, with ``tls`` 465, with ``none`` 25 if not given.
        security: ``starttls``, ``tls`` from the first byte, or ``none`` for a server that is
            trusted and near, which then gets no password.
        sender: ``from``: whom it comes from.
        recipients: ``recipients``: whom it goes to.
        username_env: Variable that holds the user, where the server asks for one.
        password_env: Variable that holds the password.
        ca_file: Certificates of the authority that signed the server's; the system's if not given.
        attach_pdf: Whether the page is attached as PDF.

    """

    to: Literal["mail"]
    host: str
    port: int = Field(default=0, ge=0, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = Field(alias="from")
    recipients: tuple[str, ...] = Field(min_length=1)
    username_env: VariableName = ""
    password_env: VariableName = ""
    ca_file: Path | None = None
    attach_pdf: bool = False

    @field_validator("host")
    @classmethod
    def _server(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:]+", value):
            message = "a host's name such as 'smtp.example.com', without a scheme and credentials"
            raise ValueError(message)
        return value

    @field_validator("sender")
    @classmethod
    def _sender(cls, value: str) -> str:
        return _mail_address(value)

    @field_validator("recipients")
    @classmethod
    def _recipients(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_mail_address, value))

    @model_validator(mode="after")
    def _login(self) -> MailSection:
        if bool(self.username_env) != bool(self.password_env):
            message = "username_env and password_env, or neither of them"
            raise ValueError(message)
        if self.password_env and self.security == "none":
            message = "security 'starttls' or 'tls': without it the password is for all to read"
            raise ValueError(message)
        return self

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables of the environment that it asks for."""
        return tuple(filter(None, (self.username_env, self.password_env)))

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """Those of them whose values must stand nowhere."""
        return tuple(filter(None, (self.password_env,)))


class WebhookSection(DeliverySection):
    """A channel of a chat, by a webhook; its address lets anybody write there, so it is a secret.

    Attributes:
        url_env: Variable that holds the webhook's address.

    """

    to: Literal["slack", "teams"]
    url_env: _Variable

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables of the environment that it asks for."""
        return (self.url_env,)


class GrafanaMarkSection(DeliverySection):
    """A mark over the week on Grafana's dashboards.

    Attributes:
        environment: Of ``[grafana]``; may be empty where there is only one.

    """

    to: Literal["grafana"]
    environment: str = ""


AnyDelivery = Annotated[
    FolderSection | ObjectStoreSection | MailSection | WebhookSection | GrafanaMarkSection,
    Field(discriminator="to"),
]

SECTIONS: dict[str, type[DeliverySection]] = {
    "folder": FolderSection,
    "object-store": ObjectStoreSection,
    "mail": MailSection,
    "slack": WebhookSection,
    "teams": WebhookSection,
    "grafana": GrafanaMarkSection,
}
"""The table of each way."""


def _mail_address(value: str) -> str:
    found = parseaddr(value)[1]
    if not re.fullmatch(r"[!-~]+@[A-Za-z0-9.-]+", found) or "\n" in value or "\r" in value:
        message = "addresses such as 'sre@example.com'"
        raise ValueError(message)
    return value
