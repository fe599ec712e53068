"""What ``slo preview`` says of panels that show nothing."""

from types import SimpleNamespace

from slo.cli.preview import _alike


def fallen(dashboard: str, panel: str, reason: str):
    return (dashboard, SimpleNamespace(panel=SimpleNamespace(title=panel), reason=reason))


def test_panels_that_have_the_same_to_say_share_a_line():
    told = _alike(
        [
            fallen("cost", "Token usage", "Grafana says \u201cno data\u201d here."),
            fallen("cost", "Savings", "Grafana says \u201cno data\u201d here."),
            fallen("cost", "ROI", "an error"),
            fallen("operations", "Pods", "an error"),
        ]
    )
    assert list(told.items()) == [
        (("cost", "Grafana says \u201cno data\u201d here."), ["Token usage", "Savings"]),
        (("cost", "an error"), ["ROI"]),
        (("operations", "an error"), ["Pods"]),
    ]
