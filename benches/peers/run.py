#!/usr/bin/env python3
"""Holds klantreis against peers on one corpus, in one run on one machine, and prints ratios of medians.

    benches/peers/run.py [--megabytes 20] [--rounds 5]

Peers: tantivy alone (in examples/stages.rs), spaCy with a PhraseMatcher over the same cues, and a pipeline as a researcher would
write it in Python (pandas, re, scikit-learn). They are installed from PyPI into ~/.cache/klantreis-peers.
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = Path.home() / ".cache/klantreis-peers"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def install():
    if not (VENV / "ready").exists():
        venv.create(VENV, with_pip=True)
        subprocess.run([VENV / "bin/pip", "install", "--quiet", "spacy", "scikit-learn", "pandas"], check=True)
        (VENV / "ready").touch()


def build():
    for example in ["corpus", "stages"]:
        subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "--example", example], cwd=ROOT, check=True)
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)


def answers(corpus):
    for path in sorted(Path(corpus, "interviews").glob("*/*.txt")):
        yield from (line[3:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("R: "))


def cues():
    for path in sorted((ROOT / "data/lexicon").glob("nl-*.csv")):
        for row in csv.DictReader(open(path, encoding="utf-8")):
            yield from (cue.strip(' "') for cue in row["entry"].split("|") if "…" not in cue and "*" not in cue)


def spacy_work(texts):
    """Matches in some texts, in a process of its own that makes its matcher once."""
    import spacy
    from spacy.matcher import PhraseMatcher

    if "matcher" not in WORK:
        WORK["nlp"] = spacy.blank("nl")
        WORK["matcher"] = PhraseMatcher(WORK["nlp"].vocab, attr="LOWER")
        WORK["matcher"].add("cue", list(WORK["nlp"].pipe(cues())))
    return sum(len(WORK["matcher"](doc)) for doc in WORK["nlp"].pipe(texts)) if texts else 0


WORK = {}


def spacy_speed(corpus):
    from multiprocessing import Pool

    texts = list(answers(corpus))
    with Pool(os.cpu_count()) as pool:
        pool.map(spacy_work, [[]] * os.cpu_count() * 4, chunksize=1)  # start up before the clock runs
        start = time.perf_counter()
        pool.map(spacy_work, [texts[n : n + 200] for n in range(0, len(texts), 200)], chunksize=1)
        return sum(len(t.encode()) for t in texts) / 1e6 / (time.perf_counter() - start)


def python_speed(corpus):
    """What a researcher would write: sentences by a regular expression, cues by another, TF-IDF and a regression."""
    import re

    import pandas
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    gold = pandas.read_csv(ROOT / "data/training/bank/gold.csv")
    models = {}
    for category in gold.category.unique():
        vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        model = LogisticRegression(max_iter=1000, class_weight="balanced")
        models[category] = (vectors, model.fit(vectors.fit_transform(gold.quote), gold.category == category))
    patterns = [re.compile(rf"\b{re.escape(cue)}\b", re.I) for cue in cues()]
    texts = list(answers(corpus))
    start, size, rows = time.perf_counter(), 0, []
    for text in texts:
        size += len(text.encode())
        sentences = re.split(r"(?<=[.!?…])\s+", text)
        hits = [sum(bool(p.search(s)) for p in patterns) for s in sentences]
        for category, (vectors, model) in models.items():
            rows += zip(sentences, hits, [category] * len(sentences), model.predict_proba(vectors.transform(sentences))[:, 1])
        if time.perf_counter() - start > 20:  # it would take hours on the whole
            break
    pandas.DataFrame(rows, columns=["quote", "cues", "category", "p"])
    return size / 1e6 / (time.perf_counter() - start)


def median(rounds, of):
    return statistics.median(of() for _ in range(rounds))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--megabytes", type=float, default=20)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--peer", choices=["spacy", "python"], help=argparse.SUPPRESS)
    arguments.add_argument("--corpus", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.peer:
        print(spacy_speed(asked.corpus) if asked.peer == "spacy" else python_speed(asked.corpus))
        return
    install()
    build()
    with tempfile.TemporaryDirectory() as folder:
        examples = TARGET / "release/examples"
        subprocess.run([examples / "corpus", str(asked.megabytes), folder], check=True)
        rounds = [json.loads(subprocess.check_output([examples / "stages", folder], stderr=subprocess.DEVNULL)) for _ in range(asked.rounds)]
        speeds = {stage: statistics.median(r[stage] for r in rounds) for stage in rounds[0]}

        def whole():
            subprocess.run(["rm", "-rf", f"{folder}/.klantreis", f"{folder}/klantreis-out"], check=True)
            start = time.perf_counter()
            subprocess.run([TARGET / "release/klantreis", "run", folder, "--quiet", "--part-by-part"], check=True)
            return asked.megabytes / (time.perf_counter() - start)

        speeds["run, end to end"] = median(asked.rounds, whole)
        for peer in ["spacy", "python"]:
            command = [VENV / "bin/python", __file__, "--peer", peer, "--corpus", folder]
            rounds = asked.rounds if peer == "spacy" else 1
            speeds[peer] = median(rounds, lambda: float(subprocess.check_output(command).split()[-1]))
    for stage, speed in speeds.items():
        print(f"{stage:<18}{speed:>9.2f} MB/s")
    for what, stage, peer in [
        ("run against tantivy alone", "run, end to end", "tantivy"),
        ("cue matching against spaCy", "cues", "spacy"),
        ("coding against spaCy's matching", "coding", "spacy"),
        ("coding against the Python pipeline", "coding", "python"),
    ]:
        print(f"{what:<36}{speeds[stage] / speeds[peer]:>9.2f} ×")


if __name__ == "__main__":
    sys.exit(main())
