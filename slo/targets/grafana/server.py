"""Which Grafana is meant, and what of it is ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GrafanaServer:
    """A Grafana and our folder in it; secrets by the names of environment variables.

    Attributes:
        url: Its address, with the path where it is behind a prefix; no credentials.
        environment: What the project calls it; empty where it has only one.
        token_env: Variable that holds a service account's token.
        username_env: Variable that holds the user of basic authentication, instead of a token.
        password_env: Variable that holds its password.
        header_envs: Further headers, each with the variable that holds its value.
        folder_uid: The folder of dashboards and alert rules, which is slobook's.
        folder: The title that it is made with; people may give it another.
        datasources: Uids in generated files, each with the uid, or the type, that this Grafana
            has instead.
        alert_rules: Whether this Grafana evaluates alerts; else it gets dashboards only.
        editable_rules: Whether people may edit alert rules in Grafana's pages.
        ca_file: Certificates of the authority that signed the server's; the system's if empty.
        proxies: Addresses of proxies by scheme; those of the environment if there are none.
        timeout: Seconds until a request is given up.
        retries: How often a read that failed is tried again, after longer and longer waits.

    """

    url: str
    environment: str = ""
    token_env: str = "GRAFANA_TOKEN"  # noqa: S105  the name of a variable
    username_env: str = ""
    password_env: str = ""
    header_envs: tuple[tuple[str, str], ...] = ()
    folder_uid: str = "slobook"
    folder: str = "Service levels"
    datasources: tuple[tuple[str, str], ...] = ()
    alert_rules: bool = True
    editable_rules: bool = True
    ca_file: str = ""
    proxies: tuple[tuple[str, str], ...] = ()
    timeout: float = 30.0
    retries: int = 3

    @property
    def base_url(self) -> str:
        """The address without a slash at its end."""
        return self.url.rstrip("/")

    @property
    def target(self) -> str:
        """What a plan for it is marked with: plans are carried out where they were made for."""
        return f"{self.base_url} folder {self.folder_uid}"
