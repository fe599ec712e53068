"""The sections of slobook.toml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from slo.configuration.delivery import AnyDelivery, GrafanaMarkSection
from slo.configuration.fields import (
    FileName,
    Image,
    OptionalSecretFile,
    ResourceName,
    SecretFile,
    Section,
    VariableName,
    address,
    known_zone,
    plain_address,
    positive_duration,
)
from slo.configuration.grafana import GrafanaSection
from slo.errors import ConfigError
from slo.manifests.settings import (
    RELEASE_LABELS,
    AlertmanagerSettings,
    GrafanaSettings,
    KubernetesSettings,
    ManifestSettings,
)
from slo.model.duration import DAY, MINUTE

if TYPE_CHECKING:
    from slo.doctor.alertmanager.server import AlertmanagerServer
    from slo.history.prometheus import PrometheusServer

FILE_NAME = "slobook.toml"


class ProjectSection(Section):
    """What belongs to the project.

    Attributes:
        specs: Files and folders of specifications.
        generated: The folder of generated artefacts.
        reports: The folder of reports.
        notebooks: The folder of notebooks that reports run.
        evaluation_interval: Milliseconds between evaluations of rules, also in backtests.
        time_zone: IANA name of the zone in which people sleep.

    """

    specs: tuple[Path, ...]
    generated: Path = Path("generated")
    reports: Path = Path("reports")
    notebooks: Path = Path("notebooks")
    evaluation_interval: int = MINUTE
    time_zone: str = "UTC"

    @field_validator("evaluation_interval", mode="before")
    @classmethod
    def _duration(cls, value: object) -> int:
        return positive_duration(value)

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return known_zone(value)


class HistorySection(Section):
    """Files of history.

    Attributes:
        snapshot: The Parquet snapshot of raw samples.
        incidents: Files of labelled incidents; see ``slo.history.incidents``.
        exclusions: What is not to be judged, as CSV or JSON.
        services: Our names of services by those that other tools' incidents have.

    """

    snapshot: Path = Path("history/snapshot.parquet")
    incidents: tuple[Path, ...] = (Path("history/incidents.csv"),)
    exclusions: Path = Path("history/exclusions.csv")
    services: dict[str, str] = Field(default_factory=dict)

    @field_validator("incidents", mode="before")
    @classmethod
    def _files(cls, value: object) -> object:
        return (value,) if isinstance(value, str | Path) else value


class PrometheusSection(Section):
    """How Prometheus is reached; secrets by the names of environment variables.

    Attributes:
        url: The server's address.
        token_env: Variable that holds a bearer token.
        username_env: Variable that holds the user of basic authentication.
        password_env: Variable that holds its password.
        header_envs: Further headers, each with the variable that holds its value.
        timeout: Seconds until a request is given up.
        retries: How often a failed request is tried again.
        parallel: Requests under way at once.
        chunk: Milliseconds of history a request.
        read: ``remote`` for remote read, ``http`` for the HTTP API, ``auto`` for what there is.

    """

    url: str
    token_env: str = ""
    username_env: str = ""
    password_env: str = ""
    header_envs: dict[str, str] = Field(default_factory=dict)
    timeout: float = Field(default=60.0, gt=0)
    retries: int = Field(default=3, ge=0)
    parallel: int = Field(default=4, ge=1)
    chunk: int = DAY
    read: Literal["auto", "remote", "http"] = "auto"

    @field_validator("chunk", mode="before")
    @classmethod
    def _duration(cls, value: object) -> int:
        return positive_duration(value)

    @field_validator("url")
    @classmethod
    def _server(cls, value: str) -> str:
        return address(value)

    @property
    def server(self) -> PrometheusServer:
        """The server that is described."""
        from slo.history.prometheus import PrometheusServer  # noqa: PLC0415  loads requests

        fields = self.model_dump(exclude={"header_envs"})
        return PrometheusServer(**fields, header_envs=tuple(self.header_envs.items()))


class LinksSection(Section):
    """Where alerts, mails and chats send their readers.

    Attributes:
        runbooks: The address under which the specifications' runbooks are found.
        dashboards: The address that a dashboard's uid is put behind.
        reports: The address under which the folder of reports is found; mails and messages link
            there.

    """

    runbooks: str = ""
    dashboards: str = ""
    reports: str = ""

    @field_validator("runbooks", "dashboards", "reports")
    @classmethod
    def _base(cls, value: str) -> str:
        return address(value) if value else value


class KubernetesSection(Section):
    """Where things run in a cluster; see ``slo.manifests.settings``.

    Attributes:
        namespace: Of everything that is written.
        labels: What the operator's Prometheus selects rules and monitors by.
        image: Holds ``slo`` and the project.
        service: The agent's Service.

    """

    namespace: ResourceName = KubernetesSettings.namespace
    labels: dict[str, str] = Field(default_factory=lambda: dict(RELEASE_LABELS))
    image: Image = KubernetesSettings.image
    service: ResourceName = KubernetesSettings.service


class AlertmanagerSection(Section):
    """Who is told; keys by the files that hold them, as Alertmanager sees them.

    Attributes:
        pagerduty_key_file: Holds the routing key of a PagerDuty service.
        chat_url_file: Holds the address of a Slack webhook.
        chat_channel: Where tickets and warnings go.
        heartbeat_url_file: Holds the address of a dead man's switch; needs Alertmanager 0.26.
        url: Where ``slo doctor`` asks whom it tells.
        token_env: Variable that holds a bearer token.
        username_env: Variable that holds the user of basic authentication.
        password_env: Variable that holds its password.
        header_envs: Further headers, each with the variable that holds its value.

    """

    pagerduty_key_file: SecretFile = AlertmanagerSettings.pagerduty_key_file
    chat_url_file: SecretFile = AlertmanagerSettings.chat_url_file
    chat_channel: str = AlertmanagerSettings.chat_channel
    heartbeat_url_file: OptionalSecretFile = AlertmanagerSettings.heartbeat_url_file
    url: str = ""
    token_env: VariableName = ""
    username_env: VariableName = ""
    password_env: VariableName = ""
    header_envs: dict[str, VariableName] = Field(default_factory=dict)

    @field_validator("url")
    @classmethod
    def _server(cls, value: str) -> str:
        return plain_address(value, "token_env, or username_env and password_env")

    @property
    def settings(self) -> AlertmanagerSettings:
        """What its generated configuration needs to know."""
        return AlertmanagerSettings(
            self.pagerduty_key_file,
            self.chat_url_file,
            self.chat_channel,
            self.heartbeat_url_file,
        )

    @property
    def server(self) -> AlertmanagerServer | None:
        """The server that is described; None where there is no url."""
        from slo.doctor.alertmanager.server import AlertmanagerServer  # noqa: PLC0415

        if not self.url:
            return None
        login = self.model_dump(include={"url", "token_env", "username_env", "password_env"})
        return AlertmanagerServer(**login, header_envs=tuple(self.header_envs.items()))


class DashboardsSection(Section):
    """Which dashboards are written beside those of objectives.

    Attributes:
        agent: The service that exposes the metrics of ``exporter``, for the dashboards of its
            operations and cost; neither is written if empty.

    """

    agent: str = ""


class MimirSection(Section):
    """Mimir's ruler.

    Attributes:
        namespace: Mimir's name for a file of rules, and the name of the file.

    """

    namespace: FileName = ManifestSettings.mimir_namespace


class Configuration(Section):
    """The whole of slobook.toml."""

    project: ProjectSection
    history: HistorySection = HistorySection()
    prometheus: PrometheusSection | None = None
    links: LinksSection = LinksSection()
    kubernetes: KubernetesSection = KubernetesSection()
    alertmanager: AlertmanagerSection = AlertmanagerSection()
    grafana: GrafanaSection = GrafanaSection()
    mimir: MimirSection = MimirSection()
    dashboards: DashboardsSection = DashboardsSection()
    delivery: tuple[AnyDelivery, ...] = ()

    @field_validator("delivery", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        if not isinstance(value, list | tuple):
            message = "a list of tables, each under [[delivery]] with two brackets"
            raise ValueError(message)  # noqa: TRY004  pydantic asks for a ValueError
        return value

    @model_validator(mode="after")
    def _deliveries(self) -> Configuration:
        """Check what one table does not know: other tables' names, and Grafana's environments."""
        faults: list[InitErrorDetails] = []
        names: set[str] = set()
        for number, one in enumerate(self.delivery):
            if one.called in names:
                faults.append(
                    _fault(number, "name", f"a name of its own, not {one.called!r} again")
                )
            names.add(one.called)
            if isinstance(one, GrafanaMarkSection) and (why := self._no_grafana(one.environment)):
                faults.append(_fault(number, "environment", why))
        if faults:
            raise ValidationError.from_exception_data("delivery", faults)
        return self

    def _no_grafana(self, environment: str) -> str:
        try:
            self.grafana.server(environment, Path())
        except ConfigError:
            if known := ", ".join(map(repr, self.grafana.environments)):
                return f"one of {known}"
            if self.grafana.url:
                return "none: there is only [grafana]"
            return "[grafana] with a url, which is not there"
        return ""

    @property
    def manifests(self) -> ManifestSettings:
        """What other systems' files need to know."""
        return ManifestSettings(
            kubernetes=KubernetesSettings(**self.kubernetes.model_dump()),
            alertmanager=self.alertmanager.settings,
            grafana=GrafanaSettings(self.grafana.folder_uid, self.grafana.datasource_uid),
            mimir_namespace=self.mimir.namespace,
            time_zone=self.project.time_zone,
        )


def _fault(number: int, field: str, expected: str) -> InitErrorDetails:
    error = PydanticCustomError("delivery", "{expected}", {"expected": expected})
    return InitErrorDetails(type=error, loc=("delivery", number, field), input=None)
