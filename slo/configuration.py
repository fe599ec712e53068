"""slobook.toml: where a project keeps its specifications, its history and its output."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from slo.errors import ConfigError, Fault
from slo.manifests.settings import (
    RELEASE_LABELS,
    AlertmanagerSettings,
    GrafanaSettings,
    KubernetesSettings,
    ManifestSettings,
)
from slo.model.duration import DAY, MINUTE, format_duration, parse_duration

if TYPE_CHECKING:
    from slo.history.prometheus import PrometheusServer

FILE_NAME = "slobook.toml"


def _matching(pattern: str, expected: str) -> AfterValidator:
    def matched(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(expected)
        return value

    return AfterValidator(matched)


_ResourceName = Annotated[
    str,
    _matching(
        r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "a name of Kubernetes such as 'support-agent'"
    ),
]
_Image = Annotated[str, _matching(r"[^\s]+", "an image such as 'registry.example.com/slobook:1'")]
_SecretFile = Annotated[str, _matching(r"/[^\s]+", "the absolute path of a file with the secret")]
_Uid = Annotated[str, _matching(r"[A-Za-z0-9_-]{1,40}", "letters, digits, _ and -, at most 40")]
_FileName = Annotated[str, _matching(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", "letters, digits, _, . and -")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProjectSection(_Section):
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
        return _positive_duration(value)

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return known_zone(value)


class HistorySection(_Section):
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


class PrometheusSection(_Section):
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
        return _positive_duration(value)

    @field_validator("url")
    @classmethod
    def _server(cls, value: str) -> str:
        return _address(value)

    @property
    def server(self) -> PrometheusServer:
        """The server that is described."""
        from slo.history.prometheus import PrometheusServer  # noqa: PLC0415  loads requests

        fields = self.model_dump(exclude={"header_envs"})
        return PrometheusServer(**fields, header_envs=tuple(self.header_envs.items()))


class LinksSection(_Section):
    """Where alerts send their readers.

    Attributes:
        runbooks: The address under which the specifications' runbooks are found.
        dashboards: The address that a dashboard's uid is put behind.

    """

    runbooks: str = ""
    dashboards: str = ""

    @field_validator("runbooks", "dashboards")
    @classmethod
    def _base(cls, value: str) -> str:
        return _address(value) if value else value


class KubernetesSection(_Section):
    """Where things run in a cluster; see ``slo.manifests.settings``.

    Attributes:
        namespace: Of everything that is written.
        labels: What the operator's Prometheus selects rules and monitors by.
        image: Holds ``slo`` and the project.
        service: The agent's Service.

    """

    namespace: _ResourceName = KubernetesSettings.namespace
    labels: dict[str, str] = Field(default_factory=lambda: dict(RELEASE_LABELS))
    image: _Image = KubernetesSettings.image
    service: _ResourceName = KubernetesSettings.service


class AlertmanagerSection(_Section):
    """Who is told; keys by the files that hold them, as Alertmanager sees them.

    Attributes:
        pagerduty_key_file: Holds the routing key of a PagerDuty service.
        chat_url_file: Holds the address of a Slack webhook.
        chat_channel: Where tickets and warnings go.

    """

    pagerduty_key_file: _SecretFile = AlertmanagerSettings.pagerduty_key_file
    chat_url_file: _SecretFile = AlertmanagerSettings.chat_url_file
    chat_channel: str = AlertmanagerSettings.chat_channel


class GrafanaSection(_Section):
    """Where Grafana keeps alert rules.

    Attributes:
        folder_uid: The folder of the rules.
        datasource_uid: The Prometheus that they ask.

    """

    folder_uid: _Uid = GrafanaSettings.folder_uid
    datasource_uid: _Uid = GrafanaSettings.datasource_uid


class DashboardsSection(_Section):
    """Which dashboards are written beside those of objectives.

    Attributes:
        agent: The service that exposes the metrics of ``exporter``, for the dashboards of its
            operations and cost; neither is written if empty.

    """

    agent: str = ""


class MimirSection(_Section):
    """Mimir's ruler.

    Attributes:
        namespace: Mimir's name for a file of rules, and the name of the file.

    """

    namespace: _FileName = ManifestSettings.mimir_namespace


class Configuration(_Section):
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

    @property
    def manifests(self) -> ManifestSettings:
        """What other systems' files need to know."""
        return ManifestSettings(
            kubernetes=KubernetesSettings(**self.kubernetes.model_dump()),
            alertmanager=AlertmanagerSettings(**self.alertmanager.model_dump()),
            grafana=GrafanaSettings(**self.grafana.model_dump()),
            mimir_namespace=self.mimir.namespace,
            time_zone=self.project.time_zone,
        )


def _address(value: str) -> str:
    if not re.match(r"https?://\S+$", value):
        message = "an address such as http://127.0.0.1:9090"
        raise ValueError(message)
    return value


def known_zone(name: str) -> str:
    """An IANA name of a time zone.

    Raises:
        ValueError: There is no such zone.

    """
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"a time zone's name such as Europe/Berlin, not {name!r}"
        raise ValueError(message) from None


def _positive_duration(value: object) -> int:
    try:
        milliseconds = parse_duration(value) if isinstance(value, str) else 0
    except ValueError:
        milliseconds = 0
    if milliseconds <= 0:
        message = f"a positive duration such as {format_duration(MINUTE)!r}"
        raise ValueError(message)
    return milliseconds


def read_configuration(path: Path) -> Configuration:
    """Read a configuration file.

    Raises:
        ConfigError: The file is missing, is no TOML, or a field does not fit; lists every fault.

    """
    try:
        text = path.read_text(encoding="utf-8")
        tree = tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: there is no such file; name another with --config, or write one that says "
            '[project] specs = ["slo-specs"]'
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}; expected a TOML file") from None
    try:
        return Configuration.model_validate(tree)
    except ValidationError as error:
        faults = sorted(_fault(path, text, entry) for entry in error.errors())
        raise ConfigError("\n".join(str(fault) for fault in faults)) from None


def prometheus_section(fields: dict[str, Any]) -> PrometheusSection:
    """How to reach the Prometheus that a command's options describe.

    Raises:
        ConfigError: An option does not fit.

    """
    try:
        return PrometheusSection.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        expected = first["msg"].removeprefix("Value error, ")
        raise ConfigError(
            f"--{first['loc'][0]}: found {first['input']!r}, expected {expected}"
        ) from None


def _fault(path: Path, text: str, entry: Any) -> Fault:  # noqa: ANN401  pydantic's ErrorDetails
    names = [str(part) for part in entry["loc"]]
    field, line = ".".join(names), _line(text, names)
    if entry["type"] == "extra_forbidden":
        known = _known_fields(names[:-1])
        close = get_close_matches(names[-1], known, n=1)
        expected = repr(close[0]) if close else "one of " + ", ".join(known)
        return Fault(str(path), line, field, "an unknown field", expected)
    if entry["type"] == "missing":
        return Fault(str(path), line, field, "nothing", "a value")
    expected = entry["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    # A key that was written in place of its file is not repeated.
    found = "something else" if names[0] == "alertmanager" else repr(entry["input"])
    return Fault(str(path), line, field, found, expected)


def _known_fields(section: list[str]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "": Configuration,
        "project": ProjectSection,
        "history": HistorySection,
        "prometheus": PrometheusSection,
        "links": LinksSection,
        "kubernetes": KubernetesSection,
        "alertmanager": AlertmanagerSection,
        "grafana": GrafanaSection,
        "mimir": MimirSection,
        "dashboards": DashboardsSection,
    }
    return list(models[".".join(section)].model_fields)


def _line(text: str, names: list[str]) -> int:
    """Where a field stands: tomllib does not say, so its section and key are looked for."""
    section = ""
    for number, content in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([^\[\]]+)\]", content)
        section = header[1].strip() if header else section
        key = re.match(r"\s*([\w-]+)\s*=", content)
        if header and section == ".".join(names):
            return number
        if key and [*filter(None, section.split(".")), key[1]] == names[:2]:
            return number
    return 0
