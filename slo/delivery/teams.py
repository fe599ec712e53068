"""A channel of Microsoft Teams, by a webhook of Workflows.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.errors import DeliveryError
from slo.report.forms.names import TEAMS

if TYPE_CHECKING:
    from slo.delivery.delivery import Sending
    from slo.delivery.webhook import Webhook


@dataclass(frozen=True)
class Teams:
    """A channel of Teams."""

    webhook: Webhook

    def send(self, sending: Sending) -> str:
        """Post the report's card; a chat cannot tell whether it has it already."""
        return self._posted(sending.parcel.form(TEAMS))

    def test(self, words: str) -> str:
        """Post a card that only says the words."""
        card = {
            "type": "AdaptiveCard",
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "version": "1.4",
            "body": [{"type": "TextBlock", "text": words, "wrap": True}],
        }
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        return self._posted(json.dumps({"type": "message", "attachments": [attachment]}).encode())

    def _posted(self, payload: bytes) -> str:
        """Post; older connectors answer 200 and say in the body that it was not delivered."""
        said = self.webhook.post(payload)
        if "message delivery failed" in said.casefold():
            status = re.search(r"HTTP error (\d+)", said)
            again = status is not None and (status[1] == "429" or status[1].startswith("5"))
            raise DeliveryError(f"Teams did not take it: {said[:300]}", again=again)
        return "posted"
