"""Counts the quotes of a Parquet file with DuckDB, and those of the CSV beside it; prints both as JSON.

Usage: parquet.py FILE.parquet quotes.csv, where the first may be a folder of partitions
"""

import json
import os
import sys

import duckdb

parquet, csv = sys.argv[1:]
if os.path.isdir(parquet):
    parquet += "/**/*.parquet"
sides = {
    "parquet": f"read_parquet('{parquet}', hive_partitioning=true)",
    "csv": f"read_csv('{csv}', header=true, all_varchar=true)",
}
out = {}
for side, table in sides.items():
    out[side] = {
        "rows": duckdb.sql(f"SELECT count(*) FROM {table}").fetchall()[0][0],
        "by": duckdb.sql(
            f"""SELECT phase, category, count(*), count(DISTINCT interview), sum(emotion::INTEGER),
                count(nullif(code, '')), count(nullif(time::VARCHAR, ''))
                FROM {table} GROUP BY ALL ORDER BY ALL"""
        ).fetchall(),
        "quotes": duckdb.sql(f"SELECT quote_id, ltrim(quote, '''') FROM {table} ORDER BY 1").fetchall(),
    }
# The table has two decimals.
out["apart"] = duckdb.sql(
    f"""SELECT max(abs(p.confidence - c.confidence::DOUBLE))
        FROM {sides["parquet"]} p JOIN {sides["csv"]} c USING (quote_id)"""
).fetchall()[0][0]
out["types"] = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE SELECT * FROM {sides['parquet']}").fetchall()}
print(json.dumps(out))
