"""``fitlq show`` for what has to do with data: terms of the vocabulary, measurements, processes.

Each function returns the names it knows, the text (empty: it does not know this one) and plain data.
"""

from __future__ import annotations

from typing import Any

from fitlq.cli.measurements import not_in_fit, split_by_use

__all__ = ["show_measurement", "show_process", "show_selection", "show_term"]

Found = tuple[list[str], str, Any]


def show_term(name: str, dataset: Any) -> Found:
    """What the vocabulary files say about a measured quantity, under any of its names."""
    from fitlq.measurements import load_terms
    from fitlq.measurements.extended_vocabulary import is_predicted, term_of

    terms = load_terms()
    names = [known for term in terms.values() for known in (term.name, *term.aliases)]
    canonical = dataset.canonical(name)
    term = term_of(dataset.vocabulary, name) or term_of(dataset.vocabulary, canonical)
    if term is None:
        return names, "", None
    predicted = is_predicted(dataset.vocabulary, canonical)
    lines = [f"measured quantity {term.name}: {term.meaning}"]
    lines += [f"also called: {', '.join(term.aliases)}"] if term.aliases else []
    lines.append(f"unit: {'none, a pure number' if term.unit in ('', '1') else term.unit}")
    lines += [
        f"argument {key}: {'any value' if ends is None else f'{ends[0]:g} … {ends[1]:g}'}" for key, ends in term.arguments.items()
    ]
    if not predicted:
        lines.append("no prediction: numbers for it are in the database, and no fit uses them")
    data = {"name": term.name, "aliases": list(term.aliases), "unit": term.unit, "meaning": term.meaning}
    arguments = {key: None if ends is None else list(ends) for key, ends in term.arguments.items()}
    return names, "\n".join(lines), {**data, "arguments": arguments, "predicted": predicted}


def show_selection(name: str, dataset: Any) -> Found:
    """The numbers the database has for an observable: used, and left out with reasons."""
    from fitlq.measurements.explanation import explain

    written = {reference.name for entry in dataset.entries.values() for reference in entry.observables}
    names = written | {dataset.canonical(one) for one in written}
    if dataset.canonical(name) not in names:
        return sorted(written), "", None
    _, not_used = split_by_use(dataset)
    explanation = explain(dataset, name, not_in_fit=not_in_fit(not_used))
    return sorted(written), f"measurements {explanation.text()}", explanation.to_dict()


def show_measurement(name: str, dataset: Any) -> Found:
    """An entry: its content, the forms of its data set, and what of it is selected."""
    from fitlq.measurements import describe_entry
    from fitlq.measurements.data_set_forms import data_set_forms, describe_forms

    entries = dataset.entries
    if name not in entries:
        return list(entries), "", None
    entry = entries[name]
    reasons = list(dict.fromkeys(out.reason for out in dataset.left_out if out.entry_id == name))
    used = len(dataset[name].indices) if name in dataset else 0
    state = f"  selected as of {dataset.as_of}, policy {dataset.policy}: {used} of {len(entry.observables)} numbers"
    lines = [f"measurement {describe_entry(entry)}", *filter(None, [describe_forms(entry, entries)]), state]
    lines += [f"  left out: {reason}" for reason in reasons]
    group = entry.representation.group if entry.representation else None
    forms = [{"name": one.name, "default": one.default} for one in data_set_forms(entries) if one.group == group]
    extra = {"n_selected": used, "left_out": reasons, "forms": forms}
    return list(entries), "\n".join(lines), {"file": entry.file, "line": entry.line, **entry.document, "selection": extra}


def show_process(name: str, dataset: Any) -> Found:
    """A process: what it is, and how much was measured of it."""
    from fitlq.measurements import load_processes

    titles = load_processes()
    members = [entry for entry in dataset.entries.values() if entry.process == name]
    if not members:
        return sorted({entry.process for entry in dataset.entries.values()}), "", None
    title = titles.get(name, "")
    numbers = sum(len(entry.observables) for entry in members)
    selected = sum(len(item.indices) for item in dataset if item.entry.process == name)
    newest = max(members, key=lambda entry: (entry.date, entry.id))
    observables = list(dict.fromkeys(one.name for entry in members for one in entry.observables))
    text = "\n".join(
        [
            f"process {name}{f': {title}' if title else ''}",
            f"  {numbers} numbers of {len(members)} entries, {selected} selected as of {dataset.as_of}, policy {dataset.policy}",
            f"  newest: {newest.id} ({newest.date_text})",
            f"  observables: {', '.join(observables[:8])}{f' and {len(observables) - 8} more' if len(observables) > 8 else ''}",
            f"  fitlq measurements {name} lists them",
        ]
    )
    data = {"name": name, "title": title, "n_entries": len(members), "n_numbers": numbers, "n_selected": selected}
    return [], text, {**data, "newest": newest.id, "observables": observables}
