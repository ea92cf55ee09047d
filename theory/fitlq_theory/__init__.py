"""The theory layer: inputs, form factors, observables, running and models. It never imports ``fitlq``."""
