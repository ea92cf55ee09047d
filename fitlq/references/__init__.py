"""What to cite: the works behind measurements, theory inputs, formulas, models and software, as BibTeX.

Bibliographies are files `references.bib`: one beside the measurements, one in the theory layer, one for the software, and those
of the user's folders. Every measurement and input names its works by INSPIRE key, arXiv number or DOI; here they are looked up.
"""

from __future__ import annotations

from fitlq.references.bibliography import Bibliography, load_bibliography, theory_bibliography
from fitlq.references.bibtex import BibliographyError, Work, format_work, read_bibtex
from fitlq.references.checking import check_references
from fitlq.references.citations import Citation, Citations, Uncited
from fitlq.references.citing import cite_dataset, cite_result
from fitlq.references.identifiers import Identifiers, identifiers_in

__all__ = [
    "Bibliography",
    "BibliographyError",
    "Citation",
    "Citations",
    "Identifiers",
    "Uncited",
    "Work",
    "check_references",
    "cite_dataset",
    "cite_result",
    "format_work",
    "identifiers_in",
    "load_bibliography",
    "read_bibtex",
    "theory_bibliography",
]
