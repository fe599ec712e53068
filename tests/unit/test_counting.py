"""What is counted agrees with its number."""

from slo.counting import counted, every, out_of


def test_a_noun_agrees_with_its_number():
    assert (counted(0, "page"), counted(1, "page"), counted(1200, "page")) == (
        "no pages",
        "1 page",
        "1,200 pages",
    )


def test_some_and_all_of_things_agree_with_what_they_do():
    assert every(1, "rule is", "rules are") == "the one rule is"
    assert every(1346, "rule is", "rules are") == "all 1,346 rules are"
    said = [
        out_of(part, whole, "rule", "rules") for part, whole in ((0, 3), (1, 3), (2, 3), (1, 1))
    ]
    assert said == ["0 of 3 rules are", "1 of 3 rules is", "2 of 3 rules are", "1 of 1 rule is"]
    assert out_of(2, 2, "delivery", "deliveries", ("fails", "fail")) == "2 of 2 deliveries fail"
