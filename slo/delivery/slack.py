"""A channel of Slack, by an incoming webhook.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.report.forms.names import SLACK

if TYPE_CHECKING:
    from slo.delivery.delivery import Sending
    from slo.delivery.webhook import Webhook


@dataclass(frozen=True)
class Slack:
    """A channel of Slack."""

    webhook: Webhook

    def send(self, sending: Sending) -> str:
        """Post the report's message; a chat cannot tell whether it has it already."""
        self.webhook.post(sending.parcel.form(SLACK))
        return "posted"

    def test(self, words: str) -> str:
        """Post a message that only says the words."""
        self.webhook.post(json.dumps({"text": words}).encode())
        return "posted"
