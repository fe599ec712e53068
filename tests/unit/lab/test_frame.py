"""A page within a notebook is an address, and never the page itself."""

import pytest

from slo.lab.frame import ADDRESS, ROOT, PageFrame


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.delenv(ROOT, raising=False)
    monkeypatch.delenv(ADDRESS, raising=False)
    (tmp_path / "reports" / "of <us>").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    made = tmp_path / "reports" / "of <us>" / "page.html"
    made.write_text("<script>1</script>" * 1000)
    return made


def test_anywhere_it_is_a_link(page):
    html = PageFrame(page)._repr_html_()
    assert '<a href="../reports/of &lt;us&gt;/page.html"' in html
    assert "<iframe" not in html
    assert len(html) < 1000
    assert str(PageFrame(page)) == f"Open {page}"


def test_under_slo_lab_it_is_shown_in_place(page, tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT, str(tmp_path))
    monkeypatch.setenv(ADDRESS, "/prefix/files/")
    html = PageFrame(page, height=500)._repr_html_()
    assert '<iframe src="/prefix/files/reports/of%20%3Cus%3E/page.html?' in html
    assert 'title="page"' in html
    assert 'height="500"' in html


def test_a_page_that_was_written_again_is_another_address(page, tmp_path, monkeypatch):
    import os

    monkeypatch.setenv(ROOT, str(tmp_path))
    monkeypatch.setenv(ADDRESS, "/files/")
    before = PageFrame(page)._repr_html_()
    os.utime(page, ns=(1, 1))
    assert PageFrame(page)._repr_html_() != before


def test_a_page_that_the_server_does_not_serve_is_a_link(page, tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT, str(tmp_path / "notebooks"))
    monkeypatch.setenv(ADDRESS, "/files/")
    assert "<iframe" not in PageFrame(page)._repr_html_()
