from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq.references import Work, format_work, read_bibtex

GOOD = r"""
% a comment with an @ and {unbalanced braces
@article{LHCb:2023zxo,
  author = "Aaij, R. and others",
  title  = {Measurement of $\mathcal{R}(D^*)$
            and more},
  year   = 2023,
  eprint = {2302.02886},
  Title2 = {{Nested} braces, a comma, and "quotes"},
}
@comment{ @article{not-read, year = 1} }
@misc{a, author={B}, year="20{2}6"}
"""


def test_values_in_braces_in_quotes_and_bare():
    (article, misc), mistakes = read_bibtex(GOOD, "x.bib")
    assert mistakes == ()
    assert (article.type, article.key, article.file, article.line) == ("article", "LHCb:2023zxo", "x.bib", 3)
    assert article.fields == {
        "author": "Aaij, R. and others",
        "title": r"Measurement of $\mathcal{R}(D^*)$ and more",
        "year": "2023",
        "eprint": "2302.02886",
        "title2": '{Nested} braces, a comma, and "quotes"',
    }
    assert misc.fields == {"author": "B", "year": "20{2}6"}


def test_bookkeeping_fields():
    (work,), _ = read_bibtex("@misc{a, ids = {b, c:2020xyz}, named = {PDG 2022; flavio 2.7.1}}", "x.bib")
    assert work.other_keys == ("b", "c:2020xyz")
    assert work.names == ("PDG 2022", "flavio 2.7.1")
    assert format_work(work) == "@misc{a,\n}"


MISTAKES = {
    "text between entries": ("stray words\n@misc{a, year = 2020}", 1, None, "expected an entry such as @article{key"),
    "no key": ("@misc{year = 2020}", 1, None, "the key is missing"),
    "blank in the key": ("@misc{my key, year = 2020}", 1, None, "the key is missing or contains a blank"),
    "never closed": ("\n@misc{a,\n year = {2020},\n", 4, "a", "the entry is not closed by }"),
    "brace never closed": ("@misc{a,\n title = {x},\n year = {{2020\n}\n@misc{b, year = 2020}", 3, "a", "this { is never closed"),
    "quote never closed": ('@misc{a,\n title = "x\n}', 2, "a", 'this " is never closed'),
    "comma forgotten": ("@misc{a,\n title = {x}\n year = 2020}", 3, "a", "expected a comma or } after the value"),
    "no value": ("@misc{a,\n title}", 2, "a", "expected field = {value}, found 'title}'"),
    "bare word": ("@misc{a,\n month = may}", 2, "a", "the value must stand in braces or quotes"),
    "macro": ("@string{prl = {PRL}}", 1, None, "@string is not read"),
    "joined": ('@misc{a,\n title = "x" # "y"}', 2, "a", "values joined with # are not read"),
    "field twice": ("@misc{a,\n year = 2020,\n year = 2021}", 3, "a", "is given twice"),
    "empty field": ("@misc{a,\n title = {}}", 2, "a", "is empty; leave the field out"),
    "comment inside an entry": ("@misc{a,\n % why\n year = 2020}", 2, "a", "expected field = {value}, found '% why'"),
}


@pytest.mark.parametrize(("text", "line", "key", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(text, line, key, message):
    _, (mistake,) = read_bibtex(text, "x.bib")
    assert (mistake.file, mistake.line, mistake.entry) == ("x.bib", line, key)
    assert message in mistake.message


def test_reading_goes_on_after_a_mistake():
    text = "@misc{a,\n year 2020}\n\n@misc{b, year = 2020}\n@misc{c,\n year = {2020\n\n@misc{d, year = 2020}"
    works, mistakes = read_bibtex(text, "x.bib")
    assert [work.key for work in works] == ["b", "d"]
    assert [mistake.line for mistake in mistakes] == [2, 6]


letters = st.characters(codec="utf-8", exclude_characters='{}\\"%@', exclude_categories=["Cc", "Zs", "Zl", "Zp", "Cs"])
words = st.text(letters, min_size=1)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True).filter(lambda name: name not in {"ids", "named"}),
        st.lists(words, min_size=1, max_size=4).map(" ".join),
        max_size=5,
    )
)
def test_what_is_written_is_read_again(fields):
    text = format_work(Work("article", "Key:2020abc", fields))
    (work,), mistakes = read_bibtex(text, "x.bib")
    assert mistakes == ()
    assert (work.type, work.key) == ("article", "Key:2020abc")
    assert work.fields == {name: " ".join(value.split()) for name, value in fields.items()}
