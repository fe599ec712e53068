"""The section of Grafana: one server, or one an environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from slo.configuration.fields import Section, Uid, VariableName, plain_address
from slo.errors import ConfigError
from slo.manifests.settings import GrafanaSettings
from slo.targets.grafana.server import GrafanaServer

_Title = Annotated[str, Field(min_length=1)]


class GrafanaEnvironment(Section):
    """A Grafana; what is not said is as in ``[grafana]``.

    Attributes:
        url: Its address, with the path where it is behind a prefix.
        token_env: Variable that holds a service account's token.
        username_env: Variable that holds the user of basic authentication, instead of a token.
        password_env: Variable that holds its password.
        header_envs: Further headers, each with the variable that holds its value.
        folder_uid: The folder of dashboards and alert rules, which is slobook's.
        folder: The title that it is made with.
        datasources: Uids in generated files, each with the uid or type that this Grafana has.
        alert_rules: Whether this Grafana evaluates alerts; else it gets dashboards only.
        editable_rules: Whether people may edit alert rules in Grafana's pages.
        ca_file: Certificates of the authority that signed the server's.
        proxies: Addresses of proxies by scheme.
        timeout: Seconds until a request is given up.
        retries: How often a read that failed is tried again.

    """

    url: str = ""
    token_env: VariableName = GrafanaServer.token_env
    username_env: VariableName = ""
    password_env: VariableName = ""
    header_envs: dict[str, VariableName] = Field(default_factory=dict)
    folder_uid: Uid = GrafanaServer.folder_uid
    folder: _Title = GrafanaServer.folder
    datasources: dict[str, str] = Field(default_factory=dict)
    alert_rules: bool = GrafanaServer.alert_rules
    editable_rules: bool = GrafanaServer.editable_rules
    ca_file: Path | None = None
    proxies: dict[str, str] = Field(default_factory=dict)
    timeout: float = Field(default=GrafanaServer.timeout, gt=0)
    retries: int = Field(default=GrafanaServer.retries, ge=0)

    @field_validator("url")
    @classmethod
    def _server(cls, value: str) -> str:
        return plain_address(value, "token_env, or username_env and password_env")

    @field_validator("proxies")
    @classmethod
    def _proxies(cls, value: dict[str, str]) -> dict[str, str]:
        for proxy in value.values():
            plain_address(proxy, "the variable HTTPS_PROXY")
        return value


class GrafanaSection(GrafanaEnvironment):
    """Where dashboards and alert rules go.

    Attributes:
        datasource_uid: The Prometheus that generated alert rules ask.
        pagerduty_key_env: Variable that holds PagerDuty's routing key, for ``slo notifications``.
        chat_url_env: Variable that holds the address of a Slack webhook, for the same.
        environments: Further servers by the names of their environments.

    """

    datasource_uid: Uid = GrafanaSettings.datasource_uid
    pagerduty_key_env: VariableName = "PAGERDUTY_KEY"
    chat_url_env: VariableName = "SLACK_WEBHOOK_URL"
    environments: dict[str, GrafanaEnvironment] = Field(default_factory=dict)

    def server(self, environment: str, root: Path) -> GrafanaServer:
        """The Grafana of an environment, or the only one.

        Args:
            environment: Its name; may be empty where ``[grafana]`` has a url itself, or where
                there is only one environment.
            root: The folder that relative paths start from.

        Raises:
            ConfigError: There is no such environment, or it has no url.

        """
        name = environment
        if not name and not self.url and len(self.environments) == 1:
            (name,) = self.environments
        if name not in self.environments and (name or not self.url):
            raise ConfigError(self._missing(name))
        fields: dict[str, Any] = self.model_dump(include=set(GrafanaEnvironment.model_fields))
        if name:
            one = self.environments[name]
            fields |= one.model_dump(include=one.model_fields_set)
        if not fields["url"]:
            raise ConfigError(f"grafana.environments.{name}.url: found nothing, expected a url")
        ca_file = fields["ca_file"]
        pairs = {
            field: tuple(fields[field].items())
            for field in ("header_envs", "datasources", "proxies")
        }
        path = str(root / ca_file) if ca_file else ""
        return GrafanaServer(**{**fields, **pairs, "ca_file": path, "environment": name})

    def _missing(self, name: str) -> str:
        known = ", ".join(self.environments)
        if name:
            expected = f"one of {known}" if known else "none: there is only [grafana]"
            return f"--env: found {name!r}, expected {expected}"
        if known:
            return f"--env: found nothing, expected one of {known}"
        return (
            "grafana.url: found nothing, expected Grafana's address; write [grafana] "
            'url = "https://grafana.example.com" and token_env = "GRAFANA_TOKEN" (the variable\'s '
            "name), or [grafana.environments.<name>] for each of several. 'slo preview' draws the "
            "dashboards without Grafana"
        )
