from __future__ import annotations

import pytest

from fitlq.references import Identifiers, identifiers_in
from fitlq.references.identifiers import normal_arxiv, normal_doi

TEXTS = {
    "arXiv:2212.10497, as in flavio 2.7.1": Identifiers(("2212.10497",)),
    "arXiv:1503.07237, arXiv:1505.03925; fT ratio arXiv:1908.09398": Identifiers(("1503.07237", "1505.03925", "1908.09398")),
    "arXiv:1503.07237, 1505.03925 and 1908.09398v2": Identifiers(("1503.07237", "1505.03925", "1908.09398")),
    "arXiv:1503.05762v2, eq. (20)": Identifiers(("1503.05762",)),
    "see https://arxiv.org/abs/2406.03387v3.": Identifiers(("2406.03387",)),
    "hep-ph/0603079; arXiv:0705.2025; hep-ph/9701313": Identifiers(("hep-ph/0603079", "0705.2025", "hep-ph/9701313")),
    "math-ph/0009024 and cond-mat.str-el": Identifiers(("math-ph/0009024",)),
    "LHCb:2023zxo and delAmoSanchez:2010bk, Aguilar-Arevalo:2015cdf.": Identifiers(
        (), ("LHCb:2023zxo", "delAmoSanchez:2010bk", "Aguilar-Arevalo:2015cdf")
    ),
    "doi:10.1007/JHEP02(2020)098, and (10.1103/PhysRevD.86.032013).": Identifiers(
        (), (), ("10.1007/jhep02(2020)098", "10.1103/physrevd.86.032013")
    ),
    # numbers that look like arXiv numbers, and names that look like keys
    "lifetime 1143.12019 ps, mass 2023.1234 GeV": Identifiers(),
    "flavio 2.7.1 default: PDG 2022, converted with hbar = 6.582119569e-13 GeV ps": Identifiers(),
    "HFLAV: 2025 average; arXiv: none": Identifiers(),
    "arXiv:2404.02297 0.897(2)": Identifiers(("2404.02297",)),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items(), ids=TEXTS)
def test_identifiers_in_free_text(text, expected):
    assert identifiers_in(text) == expected


def test_every_identifier_is_given_once():
    assert identifiers_in("arXiv:2212.10497, arXiv:2212.10497v2") == Identifiers(("2212.10497",))


@pytest.mark.parametrize("text", ["2504.11220", "arXiv:2504.11220", "arxiv: 2504.11220v3", "https://arxiv.org/abs/2504.11220"])
def test_arxiv_numbers_are_written_in_one_way(text):
    assert normal_arxiv(text) == "2504.11220"


@pytest.mark.parametrize("text", ["10.1103/PhysRevD.1", "https://doi.org/10.1103/PhysRevD.1", "doi: 10.1103/physrevd.1"])
def test_dois_are_written_in_one_way(text):
    assert normal_doi(text) == "10.1103/physrevd.1"
