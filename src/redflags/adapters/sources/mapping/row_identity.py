"""What a mapping file says about which rows there are and what their references are.

When it changes, what was read before may stand in the record store under references that nothing
will ever correct again. Codes, dates and other columns may change freely: a row that is read again
replaces what it said before.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from redflags.analysis.schemas import TABLES, Table

_HARMLESS = frozenset(
    {
        "codes",
        "code_defaults",
        "date_format",
        "excel_dates",
        "joined_with",
        "no_date",
        "plain_numbers",
        "repeated",
        "zone",
    }
)


def row_identities(config_folder: Path) -> dict[str, dict[str, str]]:
    """Source → table → hash, for every mapping file of `config_folder`, which must be sound."""
    return {
        name: {
            table: _row_identity(TABLES[table], mapping)
            for table, mapping in document.get("tables", {}).items()
        }
        for name, document in _enabled(config_folder).items()
    }


def same_jobs(config_folder: Path) -> dict[str, dict[str, str]]:
    """Source → table → source whose references it uses, where a mapping file says so."""
    documents = _enabled(config_folder)
    return {name: dict(document.get("same_jobs_as", {})) for name, document in documents.items()}


def _enabled(config_folder: Path) -> dict[str, dict[str, Any]]:
    documents = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(config_folder.glob("*.toml"))
    }
    return {name: document for name, document in documents.items() if document["enabled"]}


def _row_identity(table: Table, mapping: Mapping[str, Any]) -> str:
    said = {
        key: _of_the_key(table, value) for key, value in mapping.items() if key not in _HARMLESS
    }
    content = json.dumps({key: value for key, value in said.items() if value}, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _of_the_key(table: Table, value: Any) -> Any:
    """Of what is said column by column, only what the references are made of."""
    if isinstance(value, dict) and set(value) <= set(table.column_names):
        return {name: value[name] for name in table.key if name in value}
    return value
