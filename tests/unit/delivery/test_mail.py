"""A report as a mail, as a mail program takes it apart."""

from __future__ import annotations

import email
from dataclasses import replace
from email.policy import default

import pytest

from slo.delivery.delivery import Sending
from slo.delivery.mail import Mail, report_message
from slo.errors import DeliveryError
from slo.report.forms.names import HEADLINE, MAIL_HTML, MAIL_TEXT
from tests.published_report import PDF, PNG, VERDICT, WEEK, publish

TEAM = Mail("smtp.example.com", "Reports <slo@example.com>", ("a@example.com", "b@example.com"))


@pytest.fixture
def parcel(tmp_path):
    return publish(tmp_path / "reports")


def read(sending, mail=TEAM):
    """What arrives: bytes, read again."""
    return email.message_from_bytes(report_message(sending, mail).as_bytes(), policy=default)


def test_people_see_who_what_and_the_verdict(parcel):
    mail = read(Sending("mail", parcel))
    assert mail["From"] == "Reports <slo@example.com>"
    assert mail["To"] == "a@example.com, b@example.com"
    assert mail["Subject"] == f"shop {WEEK}, Objectives: {VERDICT}"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_html_has_a_plain_twin_and_its_picture_inside(parcel):
    mail = read(Sending("mail", parcel))
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain.get_content().strip() == VERDICT
    assert VERDICT in html.get_content()
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<headline>"
    assert picture.get_content() == PNG
    assert picture.get_content_disposition() == "inline"
    assert list(mail.iter_attachments()) == []


def test_a_mail_without_a_picture_has_none(parcel):
    (parcel.folder / HEADLINE).unlink()
    (parcel.folder / MAIL_HTML).write_text("<p>No picture.</p>")
    mail = read(Sending("mail", parcel))
    assert [part.get_content_type() for part in mail.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
    ]


def test_the_page_is_attached_as_pdf_where_it_is_asked_for(parcel):
    mail = read(Sending("mail", parcel), replace(TEAM, attach_pdf=True))
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "shop-2026-W46-slo.pdf"
    assert attached.get_content() == PDF
    assert mail.get_body(("html",)) is not None
    (parcel.folder / "weekly-slo.pdf").unlink()
    without = read(Sending("mail", parcel), replace(TEAM, attach_pdf=True))
    assert list(without.iter_attachments()) == []


def test_the_same_sending_has_the_same_id_and_no_other_has(parcel, tmp_path):
    def number(sending):
        return read(sending)["Message-ID"]

    first = number(Sending("mail", parcel))
    assert first == number(Sending("mail", parcel, reached=frozenset(["a@example.com"])))
    assert first.endswith("@example.com>")
    others = [
        Sending("mail", parcel, number=2),
        Sending("bosses", parcel),
        Sending("mail", publish(tmp_path / "reports", "search")),
        Sending("mail", publish(tmp_path / "of another project", made="2026-11-16T07:00:00+00:00")),
    ]
    assert len({first, *map(number, others)}) == 1 + len(others)


def test_a_verdict_cannot_add_headers(parcel):
    parcel.published.result["verdict"] = "Kept.\r\nBcc: everybody@example.com\r\n\r\nHello"
    mail = read(Sending("mail", parcel))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "shop 2026-W46, Objectives: Kept. Bcc: everybody@example.com Hello"


def test_a_report_without_its_mail_says_how_to_make_it(parcel):
    (parcel.folder / MAIL_TEXT).unlink()
    with pytest.raises(
        DeliveryError, match="'slo report --week 2026-W46 --service shop --kind slo"
    ):
        report_message(Sending("mail", parcel), TEAM)
