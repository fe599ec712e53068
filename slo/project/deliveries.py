"""A project's deliveries: which there are, which reports they lack, and taking them there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slo.configuration.delivery import (
    FolderSection,
    GrafanaMarkSection,
    MailSection,
    ObjectStoreSection,
    WebhookSection,
)
from slo.configuration.variables import secret_variables
from slo.delivery.beginnings import first_week
from slo.delivery.delivering import Outcome, Terms, deliver
from slo.delivery.delivery import Delivery
from slo.delivery.grafana import GrafanaMark
from slo.delivery.mail import Mail
from slo.delivery.parcel import Parcel
from slo.delivery.slack import Slack
from slo.delivery.teams import Teams
from slo.delivery.webhook import Webhook
from slo.errors import ConfigError, SloError, UnderWay
from slo.model.span import Week
from slo.project.reports import services_with
from slo.report.kinds import KINDS
from slo.report.published import published_weeks, read_published

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.configuration.delivery import DeliverySection
    from slo.delivery.delivery import Way
    from slo.delivery.trying import Effort
    from slo.project.project import Project
    from slo.report.kinds import ReportKind
    from slo.report.published import Published
    from slo.report.runs.due import Due

_MAIL = {
    *("host", "port", "security", "sender", "recipients"),
    *("username_env", "password_env", "attach_pdf"),
}


def deliveries(project: Project, names: Sequence[str] = ()) -> tuple[Delivery, ...]:
    """The deliveries that slobook.toml describes, in its order.

    Args:
        project: Whose deliveries.
        names: Only these; all if none is named.

    Raises:
        ConfigError: There is none of a name, or it is of a service that has no reports.

    """
    sections = project.configuration.delivery
    known = [one.called for one in sections]
    if unknown := [name for name in names if name not in known]:
        there = f"there are {', '.join(known)}" if known else "slobook.toml has no [[delivery]]"
        raise ConfigError(f"there is no delivery {unknown[0]!r}; {there}")
    if not sections:
        return ()
    services = {name for kind in KINDS for name in services_with(project, kind)}
    for one in sections:
        for service in one.services:
            if service not in services:
                raise ConfigError(
                    f"{project.file}: delivery {one.called!r}: services: found {service!r}, "
                    f"expected one of {', '.join(sorted(services)) or 'none'}"
                )
    return tuple(
        Delivery(one.called, _way(project, one), one.reports, one.services, one.when)
        for one in sections
        if not names or one.called in names
    )


def terms_of(project: Project, effort: Effort) -> Terms:
    """How a project's reports are delivered."""
    return Terms(effort, secret_variables(project.configuration))


def deliver_due(
    project: Project,
    due: Sequence[Due],
    terms: Terms,
    tell: Callable[[Outcome], None],
) -> tuple[Outcome, ...]:
    """Take every report of some that were due to the deliveries that lack it.

    A delivery that a run sees for the first time begins with the newest week. One that failed is
    tried once for each further report: who does not answer now will not in a second.

    Args:
        project: Whose deliveries.
        due: Reports that there should be; those that there are, are delivered.
        terms: How.
        tell: Called with each outcome that is not of an earlier run, as soon as it is known.

    Returns:
        What became of each report and delivery, in the order of ``due``.

    Raises:
        ConfigError: A delivery is of a service that has no reports.

    """
    wanted = deliveries(project)
    patient = dict.fromkeys((one.name for one in wanted), terms)
    outcomes = []
    for one in due if wanted else ():
        parcel = _parcel(project, one.kind, one.service, one.week)
        if parcel is None:
            continue
        for delivery in wanted:
            outcome = _due_outcome(parcel, delivery, _newest(due, one), patient[delivery.name])
            if outcome is None:
                continue
            if outcome.state == "failed":
                patient[delivery.name] = _impatient(terms)
            if outcome.state != "delivered before":
                tell(outcome)
            outcomes.append(outcome)
    return tuple(outcomes)


def parcel_of(project: Project, kind: ReportKind, published: Published) -> Parcel:
    """A report that was published just now."""
    folder, reports = published.page.parent, project.reports_path
    (service,) = [
        name for name in services_with(project, kind) if kind.shelf(reports, name) == folder.parent
    ]
    address = project.configuration.links.reports
    return Parcel(reports, kind, service, Week.parse(folder.name), published, address)


def parcels(
    project: Project,
    kinds: Sequence[ReportKind] = KINDS,
    services: Sequence[str] = (),
    week: Week | None = None,
) -> tuple[Parcel, ...]:
    """The reports of a week that have been published, or the newest of each service and kind.

    Raises:
        ConfigError: There is no such report.

    """
    there = [
        (kind, name, published_weeks(kind.shelf(project.reports_path, name), kind))
        for kind in kinds
        for name in services_with(project, kind)
    ]
    known = sorted({name for _, name, _ in there})
    if unknown := sorted(set(services) - set(known)):
        raise ConfigError(
            f"there is no report of {unknown[0]!r}; there are those of {', '.join(known) or 'none'}"
        )
    found = [
        (kind, name, week or max(weeks))
        for kind, name, weeks in there
        if (name in services or not services) and (week in weeks if week else weeks)
    ]
    if not found:
        which = f"of {week} " if week else ""
        raise ConfigError(
            f"there is no report {which}in {project.reports_path}; 'slo report' makes one"
        )
    taken = (_parcel(project, *one) for one in found)
    return tuple(one for one in taken if one)


def _parcel(project: Project, kind: ReportKind, service: str, week: Week) -> Parcel | None:
    reports = project.reports_path
    published = read_published(kind.folder(reports, service, week), kind)
    address = project.configuration.links.reports
    return Parcel(reports, kind, service, week, published, address) if published else None


def _due_outcome(parcel: Parcel, delivery: Delivery, newest: Week, terms: Terms) -> Outcome | None:
    """What becomes of a report that was due; None where it is not for this delivery."""
    try:
        # Also of a delivery that does not want this report: it has been seen.
        first = first_week(parcel.folder.parent, delivery.name, newest)
    except UnderWay as error:
        return Outcome(parcel, delivery.name, "under way", str(error))
    except SloError as error:
        return Outcome(parcel, delivery.name, "failed", str(error))
    wanted = parcel.week >= first and delivery.wants(parcel)
    return deliver(parcel, delivery, terms) if wanted else None


def _newest(due: Sequence[Due], like: Due) -> Week:
    """The newest week that there may be a report of, of the same service and kind."""
    return max(
        one.week
        for one in due
        if (one.kind, one.service) == (like.kind, like.service)
        and (one.published or not one.missing)
    )


def _impatient(terms: Terms) -> Terms:
    return replace(terms, effort=replace(terms.effort, waits=()))


def _way(project: Project, section: DeliverySection) -> Way:
    match section:
        case FolderSection():
            from slo.delivery.folder import Folder  # noqa: PLC0415  loads Jinja2

            return Folder((project.root / section.path).resolve())
        case ObjectStoreSection():
            from slo.delivery.object_store import ObjectStore  # noqa: PLC0415  loads Jinja2

            return ObjectStore(section.url, tuple(section.option_envs.items()))
        case MailSection():
            fields = section.model_dump(include=_MAIL)
            ca_file = str(project.root / section.ca_file) if section.ca_file else ""
            return Mail(**fields, ca_file=ca_file)
        case WebhookSection(to="slack"):
            return Slack(Webhook(section.url_env))
        case WebhookSection():
            return Teams(Webhook(section.url_env))
        case GrafanaMarkSection():
            return GrafanaMark(project.grafana(section.environment))
    raise AssertionError(section)
