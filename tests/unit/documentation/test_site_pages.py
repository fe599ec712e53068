"""What holds the site to its links notices what is wrong."""

import pytest

from tests.site_pages import dead, from_outside, read


@pytest.fixture
def site(tmp_path):
    (tmp_path / "guide").mkdir()
    (tmp_path / "index.html").write_text('<h1 id="top">Home</h1><a href="guide/one.html#two">1</a>')
    (tmp_path / "guide" / "one.html").write_text('<h2 id="two">Two</h2><a href="../#top">home</a>')
    return tmp_path


def test_links_that_lead_somewhere_are_fine(site):
    assert dead(site, read(site)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        '<a href="nowhere.html">x</a>',
        '<a href="guide/one.html#three">x</a>',
        '<a href="#missing">x</a>',
        '<img src="gone.png">',
        '<link rel="stylesheet" href="gone.css">',
    ],
)
def test_what_leads_nowhere_is_named(site, wrong):
    with (site / "index.html").open("a") as page:
        page.write(wrong)
    (found,) = dead(site, read(site))
    assert found.startswith("index.html: ")


@pytest.mark.parametrize(
    "wrong",
    [
        '<script src="https://cdn.example.com/x.js"></script>',
        '<link rel="preconnect stylesheet" href="//fonts.example.com/css">',
        '<img src="http://example.com/pixel.gif">',
    ],
)
def test_what_is_asked_of_others_is_named(site, wrong):
    assert from_outside(read(site)) == []
    with (site / "index.html").open("a") as page:
        page.write(wrong + '<a href="https://example.com">a link is no question</a>')
    assert len(from_outside(read(site))) == 1
