"""The report of one result: best fit, posterior, pulls, data used and left out, inputs, and how to get it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitlq.fitting.quality_text import gaussian_words, limits_words, two_decimals
from fitlq.formatting import format_arguments, format_number, format_pull, format_with_error
from fitlq.report.markup import Html, document, image, items, paragraph, preformatted, section, table
from fitlq.report.measured_values import measured_value
from fitlq.report.problem_summary import problem_lines
from fitlq.report.reproduction import command_line
from fitlq.report.sources import source_links
from fitlq.versions import software_versions

if TYPE_CHECKING:
    from fitlq.analysis import Analysis
    from fitlq.fitting import Fit
    from fitlq.sampling import Chain

__all__ = ["report_page"]


def report_page(
    analysis: Analysis,
    fit: Fit,
    *,
    chain: Chain | None = None,
    pictures: Mapping[str, bytes] | None = None,
    entries: Iterable[Any] = (),
) -> str:
    """HTML of a result.

    Parameters
    ----------
    analysis : Analysis
        The problem, as stated.
    fit : Fit
    chain : Chain, optional
        The posterior, if it was sampled.
    pictures : mapping of str to bytes, optional
        PNG images under ``"pulls"`` and ``"corner"``.
    entries : iterable of Entry
        The measurements of the dataset; those that occur among the pulls are listed with their sources.

    Returns
    -------
    str
        A complete page that loads nothing from elsewhere.
    """
    shown = dict(pictures or {})
    known = {entry.id: entry for entry in entries}
    parts = [
        section("Problem", table(["", ""], problem_lines(analysis, fit.likelihood))),
        _best_fit(fit),
        *([_posterior(chain, shown.get("corner"))] if chain is not None else []),
        _pulls(fit, shown.get("pulls"), known),
        _data_used(fit, known),
        _data_left_out(fit),
        _reproduction(analysis, fit, chain),
    ]
    return document(f"fitlq: {analysis.model or analysis.model_file}", *parts)


def _best_fit(fit: Fit) -> Html:
    units = {p.name: p.unit for p in fit.likelihood.parameter_info}
    rows = [[name, format_with_error(value, fit.errors[name]), units.get(name, ""), "free"] for name, value in fit.values.items()]
    rows += [[name, format_number(value), "", "fixed"] for name, value in fit.likelihood.fixed.items()]
    minima = [
        [two_decimals(chi2), ", ".join(f"{n} = {v:.4g}" for n, v in _named(values, fit.likelihood.parameters))]
        for chi2, values in fit.minima
    ]
    parts = [table(["parameter", "value", "unit", ""], rows, numbers=[1]), table(["", ""], _quality(fit))]
    if len(minima) > 1:
        parts += [paragraph("Distinct local minima:"), table(["χ²", "parameters"], minima, numbers=[0])]
    if fit.likelihood.warnings:
        parts.append(Html("".join(paragraph(warning, "warning") for warning in fit.likelihood.warnings)))
    return section("Best fit", *parts)


def _quality(fit: Fit) -> list[list[str]]:
    limits = limits_words(fit)
    sigmas = "" if fit.n_limits else f", {fit.significance_sm:.2f} σ"
    improvement = f"Δχ² = {two_decimals(fit.delta_chi2)} ({format_number(fit.significance, 3)} σ)"
    return [
        ["χ² at the best fit", two_decimals(fit.chi2)],
        ["degrees of freedom", str(fit.ndof)],
        ["p-value", format_number(fit.p_value, 3) + (f" ({limits})" if limits else "")],
        ["χ² of the Standard Model", f"{two_decimals(fit.chi2_sm)} (p-value {fit.p_value_sm:.3g}{sigmas})"],
        *([["χ² of the Gaussian numbers alone", gaussian_words(fit, "σ")]] if fit.n_limits else []),
        ["improvement over the Standard Model", improvement],
        ["minimiser", f"{'valid' if fit.valid else 'NOT VALID'}: {fit.message}"],
    ]


def _named(values: Any, names: Iterable[str]) -> list[tuple[str, float]]:
    if isinstance(values, Mapping):
        return [(name, float(value)) for name, value in values.items()]
    return [(name, float(value)) for name, value in zip(names, values, strict=True)]


def _posterior(chain: Chain, corner: bytes | None) -> Html:
    from fitlq.report.posterior import posterior_lines, posterior_rows

    headers, rows = posterior_rows(chain)
    parts = [
        *([image(corner, "corner plot of the posterior")] if corner else []),
        table(headers, rows),
        items(posterior_lines(chain)),
    ]
    return section("Posterior", *parts)


def _pulls(fit: Fit, picture: bytes | None, entries: Mapping[str, Any]) -> Html:
    standard = {(p.id, p.observable, str(dict(p.args))): p.pull for p in fit.likelihood.sm_pulls}
    rows = [
        [
            format_arguments(p.observable, p.args),
            p.id,
            measured_value(p, entries),
            format_with_error(p.predicted, p.theory_error),
            format_pull(p.pull),
            format_pull(standard[key]) if (key := (p.id, p.observable, str(dict(p.args)))) in standard else "–",
        ]
        for p in sorted(fit.pulls, key=lambda p: -abs(p.pull))
    ]
    headers = ["observable", "measurement", "measured", "predicted at the best fit", "pull", "pull of the Standard Model"]
    return section(
        "Pulls",
        *([image(picture, "pulls of the Standard Model and of the best fit")] if picture else []),
        table(headers, rows, numbers=[4, 5]),
    )


def _data_used(fit: Fit, entries: Mapping[str, Any]) -> Html:
    ids = list(dict.fromkeys(p.id for p in fit.pulls))
    rows = []
    for entry_id in ids:
        entry = entries.get(entry_id)
        if entry is None:
            rows.append([entry_id, "", "", "", ""])
            continue
        how = f"{entry.provenance.level}: {entry.provenance.how}"
        rows.append([entry_id, ", ".join(entry.experiment), entry.date_text, source_links(entry.refs), how])
    note = paragraph(f"{fit.likelihood.n_measurements} measurements from {len(ids)} entries.")
    return section("Data used", note, table(["entry", "experiment", "date", "sources", "how the number was read"], rows))


def _data_left_out(fit: Fit) -> Html:
    rows = [[entry_id, format_arguments(name, args), reason] for entry_id, name, args, reason in fit.likelihood.left_out]
    if not rows:
        return section("Data left out", paragraph("Nothing was left out."))
    return section("Data left out", table(["entry", "observable", "reason"], rows))


def _reproduction(analysis: Analysis, fit: Fit, chain: Chain | None) -> Html:
    # the day makes it the same data later on
    dated = replace(analysis, as_of=str(fit.likelihood.data.as_of))
    command = command_line(dated, "fit" if chain is None else "sample", "FOLDER")
    if chain is not None:
        command += f" --walkers {chain.walkers} --steps {chain.steps}"
    versions = ", ".join(f"{name} {number}" for name, number in software_versions().items())
    return section(
        "How to get this again",
        preformatted(command),
        paragraph("The problem as a file (analysis.yml):"),
        preformatted(analysis.to_yaml()),
        paragraph(f"Software: {versions}.", "note"),
    )
