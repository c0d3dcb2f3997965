#!/usr/bin/env python3
"""Codes a folder of transcripts on an Apache Spark cluster, and writes quotes as Parquet and the journey as tables.

    spark-submit deploy/spark/klantreis_spark.py --study STUDY --output OUT [--klantreis PATH] [--partitions N]

STUDY is a study folder (klantreis.toml, perhaps codebook.toml) whose interviews are UTF-8 text (.txt, .md). It must be
readable on every worker, as on a shared file system; so must the program `klantreis`. OUT/quotes.parquet holds the
quotes; OUT/tables the same tables, byte for byte, as `klantreis run` writes on one machine.

Each task pipes its transcripts through `klantreis code -`, in constant memory. Spark does a task again if its worker dies;
only what a whole task gave is used.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, IntegerType, MapType, StringType, StructField, StructType

TEXT, WHOLE, NUMBER = StringType(), IntegerType(), DoubleType()
COLUMNS = [
    ("quote_id", TEXT), ("interview", TEXT), ("file", TEXT), ("turn", WHOLE), ("speaker", TEXT), ("time", TEXT),
    ("phase", TEXT), ("category", TEXT), ("code", TEXT), ("touchpoint", TEXT), ("emotion", WHOLE),
    ("confidence", NUMBER), ("status", TEXT), ("quote", TEXT), ("attributes", MapType(TEXT, TEXT)),
]


def code(program, study):
    """What one task does: transcripts in, ("quote", line) for each quote and one ("part", sums) out."""

    def task(transcripts):
        with tempfile.TemporaryDirectory() as folder:
            lines, part = Path(folder) / "transcripts.jsonl", Path(folder) / "part.json"
            with open(lines, "w", encoding="utf-8") as out:
                for path, content in transcripts:
                    name = path.split("/interviews/", 1)[1]
                    out.write(json.dumps({"file": name, "text": bytes(content).decode("utf-8", "replace")}) + "\n")
            command = [program, "code", str(lines), "--study", study, "--part", str(part)]
            done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
            # 1: some transcript could not be used and was named; the others were.
            if done.returncode not in (0, 1):
                raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
            for line in done.stdout.splitlines():
                yield ("quote", line)
            yield ("part", part.read_text(encoding="utf-8"))

    return task


def row(line):
    quote = json.loads(line)
    return tuple(quote.get(name) if name != "attributes" else quote.get(name) or {} for name, _ in COLUMNS)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--study", required=True)
    arguments.add_argument("--output", required=True)
    arguments.add_argument("--klantreis", default="klantreis")
    arguments.add_argument("--partitions", type=int, default=0)
    asked = arguments.parse_args()
    study, output = str(Path(asked.study).resolve()), Path(asked.output).resolve()

    spark = SparkSession.builder.appName("klantreis").getOrCreate()
    folder = f"file://{study}/interviews"
    files = spark.sparkContext.binaryFiles(f"{folder}/*.txt,{folder}/*/*.txt" if any(Path(study, "interviews").glob("*/*.txt")) else f"{folder}/*.txt")
    files = files.repartition(asked.partitions or 2 * spark.sparkContext.defaultParallelism)
    coded = files.mapPartitions(code(asked.klantreis, study)).cache()

    schema = StructType([StructField(name, kind) for name, kind in COLUMNS])
    quotes = spark.createDataFrame(coded.filter(lambda item: item[0] == "quote").map(lambda item: row(item[1])), schema)
    quotes.write.mode("overwrite").parquet(str(output / "quotes.parquet"))

    with tempfile.TemporaryDirectory() as parts:
        names = []
        for n, part in enumerate(coded.filter(lambda item: item[0] == "part").map(lambda item: item[1]).toLocalIterator()):
            names.append(f"{parts}/{n}.json")
            Path(names[-1]).write_text(part, encoding="utf-8")
        command = [asked.klantreis, "aggregate", *names, "--study", study, "-o", str(output / "tables")]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
    spark.stop()


if __name__ == "__main__":
    main()
