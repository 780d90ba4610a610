"""Names that scripts outside of the package rely on stay, wherever the code behind them lives."""

from importlib import import_module

import pytest

RELIED_ON = {
    "redflags.adapters.secrets": ("TextSealer",),
    "redflags.adapters.store": ("open_store",),
    "redflags.analysis.masking": ("mask",),
    "redflags.analysis.signals": ("VOCABULARY", "Classifier"),
    "redflags.bootstrap.night": ("open_night",),
    "redflags.errors": ("SourceError",),
    "redflags.settings": ("read_settings",),
    "redflags.signalset": ("load_signalset",),
}


@pytest.mark.parametrize("module", RELIED_ON)
def test_outside_scripts_find_what_they_know(module: str) -> None:
    assert all(hasattr(import_module(module), name) for name in RELIED_ON[module])
