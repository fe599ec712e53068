"""Mail through a real server: encrypted, with logins, refused and lost in every way."""

from __future__ import annotations

import socket

import pytest

from slo.delivery.delivering import Terms, deliver
from slo.delivery.delivery import Delivery, Sending
from slo.delivery.mail import Mail
from slo.delivery.record import read_record
from slo.delivery.trying import Effort
from slo.errors import ConfigError, DeliveryError
from tests.mail_server import MailServer, certificate, listening
from tests.published_report import PNG, VERDICT, publish

pytestmark = pytest.mark.integration

LOGIN = ("reports@example.com", "correct horse battery")
QUICK = Terms(Effort(waits=(0.0, 0.0)))


@pytest.fixture(scope="module")
def trusted(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def parcel(tmp_path):
    return publish(tmp_path / "reports")


@pytest.fixture(autouse=True)
def login(monkeypatch):
    monkeypatch.setenv("MAIL_USER", LOGIN[0])
    monkeypatch.setenv("MAIL_PASSWORD", LOGIN[1])


def to(server, *recipients, **how):
    fields = {"security": "none", **how}
    everybody = recipients or ("a@example.com",)
    return Mail("127.0.0.1", "slo@example.com", everybody, port=server.port, **fields)


def with_login(server, trusted, **how):
    login = {"username_env": "MAIL_USER", "password_env": "MAIL_PASSWORD"}
    return to(server, **{"security": "starttls", "ca_file": str(trusted), **login, **how})


def refusal(mail, parcel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        mail.send(Sending("mail", parcel))
    assert LOGIN[1] not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_report_arrives_encrypted_after_a_login(parcel, trusted, wrapped):
    with listening(MailServer(certificate=trusted, wrapped=wrapped, login=LOGIN)) as server:
        security = "tls" if wrapped else "starttls"
        said = with_login(server, trusted, security=security).send(Sending("mail", parcel))
    assert said == "mailed to 1 recipient"
    ((recipients, message),) = server.arrived
    assert recipients == ("a@example.com",)
    assert message["Subject"].endswith(VERDICT)
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content() == PNG
    assert server.logins == [LOGIN]


def test_a_report_without_a_pdf_is_mailed_without_it(parcel):
    (parcel.folder / "weekly-slo.pdf").unlink()
    with listening(MailServer()) as server:
        said = to(server, attach_pdf=True).send(Sending("mail", parcel))
    assert said == "mailed to 1 recipient, without the PDF, as the report has none"
    assert len(server.arrived) == 1


def test_a_server_that_nobody_vouches_for_gets_nothing(parcel, trusted):
    with listening(MailServer(certificate=trusted, login=LOGIN)) as server:
        error = refusal(with_login(server, trusted, ca_file=""), parcel)
    assert "has a certificate that is not trusted" in str(error)
    assert "ca_file" in str(error)
    assert not error.again
    assert (server.logins, server.arrived) == ([], [])


def test_a_server_without_encryption_gets_no_password(parcel, trusted):
    with listening(MailServer()) as server:
        error = refusal(with_login(server, trusted), parcel)
    assert "does not offer what is asked for: STARTTLS" in str(error)
    assert not error.again
    assert server.arrived == []


def test_encryption_on_the_wrong_port_is_named(parcel, trusted):
    with listening(MailServer(certificate=trusted)) as server:
        error = refusal(to(server, security="tls", ca_file=str(trusted)), parcel)
    assert "does not speak TLS there: is security = 'tls' right?" in str(error)


def test_a_login_that_is_refused_names_its_variables(parcel, trusted, monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", "wrong horse battery")
    with listening(MailServer(certificate=trusted, login=LOGIN)) as server:
        error = refusal(with_login(server, trusted), parcel)
    assert "refused the login that MAIL_USER and MAIL_PASSWORD hold (535 " in str(error)
    assert "wrong horse" not in str(error)
    assert not error.again


def test_a_login_that_is_not_set_is_named(parcel, trusted, monkeypatch):
    monkeypatch.delenv("MAIL_PASSWORD")
    with (
        listening(MailServer(certificate=trusted, login=LOGIN)) as server,
        pytest.raises(ConfigError, match="environment variable MAIL_PASSWORD: found nothing"),
    ):
        with_login(server, trusted).send(Sending("mail", parcel))
    assert server.arrived == []


def test_a_login_of_letters_that_smtp_lacks_is_named(parcel, trusted, monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", "größer als")
    with listening(MailServer(certificate=trusted, login=LOGIN)) as server:
        error = refusal(with_login(server, trusted), parcel)
    assert "letters that are not ASCII" in str(error)
    assert "größer" not in str(error)


def test_no_server_is_tried_again(parcel):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = refusal(Mail("127.0.0.1", "slo@example.com", ("a@example.com",), port=port), parcel)
    assert str(error) == f"127.0.0.1:{port} cannot be reached: Connection refused"
    assert error.again


@pytest.mark.parametrize(("code", "again"), [("451 try later", True), ("554 spam", False)])
def test_what_the_server_says_tells_whether_it_is_tried_again(parcel, code, again):
    with listening(MailServer(message=lambda _: code)) as server:
        error = refusal(to(server), parcel)
    assert error.again is again
    assert code.partition(" ")[2] in str(error)


def test_who_is_greylisted_gets_it_with_the_next_try_and_others_get_it_once(parcel):
    seen = []

    def greylisting(address):
        seen.append(address)
        return "450 come back" if address == "b@example.com" and seen.count(address) < 2 else None

    with listening(MailServer(recipient=greylisting)) as server:
        mail = to(server, "a@example.com", "B <b@example.com>")
        outcome = deliver(parcel, Delivery("mail", mail), QUICK)
    assert (outcome.state, outcome.detail) == ("delivered", "mailed to 1 recipient")
    assert [recipients for recipients, _ in server.arrived] == [
        ("a@example.com",),
        ("b@example.com",),
    ]
    assert len({message["Message-ID"] for _, message in server.arrived}) == 1


def test_who_has_no_mailbox_is_named_and_others_get_it_once_however_often_runs_try(parcel):
    def nobody(address):
        return "550 no such user" if address == "gone@example.com" else None

    with listening(MailServer(recipient=nobody)) as server:
        delivery = Delivery("mail", to(server, "a@example.com", "gone@example.com"))
        for _ in range(2):
            outcome = deliver(parcel, delivery, QUICK)
            assert outcome.state == "failed"
            assert "refused for gone@example.com (550 no such user)" in outcome.detail
    assert [recipients for recipients, _ in server.arrived] == [("a@example.com",)]
    assert read_record(parcel.folder)["mail"].reached == ("a@example.com",)


def test_a_mail_whose_receipt_is_lost_is_sent_again_as_the_same(parcel):
    answers = ["lost"]
    with listening(MailServer(message=lambda _: answers.pop() if answers else None)) as server:
        outcome = deliver(parcel, Delivery("mail", to(server)), QUICK)
    assert outcome.state == "delivered"
    first, second = (message["Message-ID"] for _, message in server.arrived)
    assert first == second


def test_trying_out_mails_words_that_nobody_takes_for_a_report():
    with listening(MailServer()) as server:
        to(server, "a@example.com", "b@example.com").test("This is a test.")
    ((recipients, message),) = server.arrived
    assert recipients == ("a@example.com", "b@example.com")
    assert message["Subject"] == "Test: This is a test."
