"""From which week on a delivery gets reports."""

from __future__ import annotations

import pytest

from slo.delivery.beginnings import first_week
from slo.errors import DeliveryError
from slo.model.span import Week

OLD, NEW = Week(2026, 45), Week(2026, 47)


def test_a_delivery_begins_with_the_newest_week_and_stays_with_it(tmp_path):
    (tmp_path / ".deliveries.json.19bo8s5p").write_text("of a run that was killed")
    assert first_week(tmp_path, "mail", OLD) == OLD
    assert first_week(tmp_path, "mail", NEW) == OLD
    assert first_week(tmp_path, "chat", NEW) == NEW
    assert first_week(tmp_path, "mail", NEW) == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["deliveries.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"mail": "soon"}', '{"mail": 46}'])
def test_what_cannot_be_read_says_what_to_do(tmp_path, text):
    (tmp_path / "deliveries.json").write_text(text)
    with pytest.raises(DeliveryError, match=r"deliveries\.json cannot be read; delete it"):
        first_week(tmp_path, "mail", NEW)
