"""What a night is compared with: the floor of reading and counting, and an analyst's script."""

from pathlib import Path

import duckdb
import pandas as pd

WINDOWS = (90, 180, 365)
WORDS = {
    "lock_change": r"\block|\blc\b|\bcyl",
    "door_damage": r"\bfrnt dr|\bfront door|\bdoor\b",
    "internal_damage": r"\bint dr|\binternal door|\bbthrm dr",
    "window_damage": r"\bglaz|\bglz|\bwindow|\bdgu",
    "tell": r"kick|smash|punch|forced|\bex\b|partner",
}


def floor(folder: Path) -> int:
    """Read every CSV file and count once: nothing that reads them can be quicker."""
    connection = duckdb.connect()
    counted = 0
    for name, column in (("repairs", "property_ref"), ("asb", "subject_property_ref")):
        counted += len(
            connection.execute(
                f"""SELECT {column}, count(*), sum(length(coalesce(description, '')))
                    FROM read_csv('{folder / name}.csv', all_varchar = true) GROUP BY 1"""
            ).fetchall()
        )
    for name in ("lock_changes", "tenancies", "properties"):
        counted += len(
            connection.execute(
                f"""SELECT property_ref, count(*)
                    FROM read_csv('{folder / name}.csv', all_varchar = true) GROUP BY 1"""
            ).fetchall()
        )
    return counted


def analyst_script(folder: Path, as_of: str) -> pd.DataFrame:
    """Windowed groupbys per signal from the CSV files, as an analyst would write them."""
    day = pd.Timestamp(as_of)
    repairs = pd.read_csv(
        folder / "repairs.csv", dtype={"property_ref": str}, parse_dates=["raised_at"]
    )
    locks = pd.read_csv(
        folder / "lock_changes.csv", dtype={"property_ref": str}, parse_dates=["changed_at"]
    )
    noise = pd.read_csv(
        folder / "asb.csv", dtype={"subject_property_ref": str}, parse_dates=["reported_at"]
    )
    homes = pd.read_csv(folder / "properties.csv", dtype={"property_ref": str})
    repairs = repairs[repairs["work_type"].fillna("responsive") == "responsive"]
    text = repairs["description"].fillna("").str.lower()
    columns = {}
    for window in WINDOWS:
        since = day - pd.Timedelta(days=window)
        recent = repairs["raised_at"] > since
        grouped = repairs[recent].groupby("property_ref")["cost_gbp"]
        columns[f"repairs_{window}"], columns[f"cost_{window}"] = grouped.size(), grouped.sum()
        for signal, words in WORDS.items():
            found = repairs[recent & text.str.contains(words, regex=True)]
            columns[f"{signal}_{window}"] = found.groupby("property_ref").size()
        changed = locks[locks["changed_at"] > since]
        columns[f"locks_{window}"] = changed.groupby("property_ref").size()
        heard = noise[noise["reported_at"] > since]
        columns[f"noise_{window}"] = heard.groupby("subject_property_ref").size()
    table = pd.DataFrame(columns).reindex(homes["property_ref"]).fillna(0)
    table["score"] = table.rank(pct=True).sum(axis=1)
    return table.sort_values("score", ascending=False)
