"""Finds the Python reference model, which is kept outside of this project."""

import importlib
import sys
from types import ModuleType


def load(folder: str, module: str) -> ModuleType:
    """The module of that name in the model's folder; ends the program if it is not there."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(module)
    except ImportError as error:
        sys.exit(f"error: no reference model in {folder} ({error})")
