#!/usr/bin/env python3
"""Holds klantreis against peers on one corpus, in one run on one machine, and prints ratios of medians.

    benches/peers/run.py [--megabytes 20] [--rounds 5]

Peers: tantivy alone (in examples/stages.rs), spaCy with a PhraseMatcher and a Matcher over the same cues, a pipeline as a researcher
would write it in Python (pandas, re, scikit-learn), and ripgrep for a search of one word. They are installed from PyPI and crates.io
into ~/.cache/klantreis-peers. Speeds are megabytes of interview files a second, whatever of them a peer looks at.
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
    if not (VENV / "bin/rg").exists():
        subprocess.run(["cargo", "install", "--quiet", "--locked", "--root", VENV, "ripgrep"], check=True)


def build():
    for example in ["corpus", "stages"]:
        subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "--example", example], cwd=ROOT, check=True)
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)


def answers(corpus):
    for path in sorted(Path(corpus, "interviews").glob("*/*.txt")):
        yield from (line[3:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("R: "))


def size(corpus):
    return sum(path.stat().st_size for path in Path(corpus, "interviews").glob("*/*.txt")) / 1e6


def cues():
    for path in sorted((ROOT / "data/lexicon").glob("nl-*.csv")):
        for row in csv.DictReader(open(path, encoding="utf-8")):
            yield from (cue.strip(' "') for cue in row["entry"].split("|"))


def plain_cues():
    return [cue for cue in cues() if "…" not in cue and "*" not in cue]


def token_patterns():
    """The cues with gaps of up to four words, and with words that begin in a way, as spaCy's Matcher has them."""
    import re

    gap = [{"OP": "?"}] * 4
    for cue in cues():
        if "…" in cue or "*" in cue:
            pattern = []
            for word in cue.lower().split():
                if word == "…":
                    pattern += gap
                elif "*" in word:
                    form = "^" + ".*".join(re.escape(part) for part in word.split("*"))
                    pattern.append({"LOWER": {"REGEX": form if word.endswith("*") else form + "$"}})
                else:
                    pattern.append({"LOWER": word})
            yield pattern


def spacy_work(texts, with_gaps):
    """Matches in some texts, in a process of its own that makes its matchers once."""
    import spacy
    from spacy.matcher import Matcher, PhraseMatcher

    if "phrases" not in WORK:
        nlp = WORK["nlp"] = spacy.blank("nl")
        WORK["phrases"] = PhraseMatcher(nlp.vocab, attr="LOWER")
        WORK["phrases"].add("cue", list(nlp.pipe(plain_cues())))
        WORK["tokens"] = Matcher(nlp.vocab)
        WORK["tokens"].add("cue", list(token_patterns()))
    matchers = [WORK["phrases"]] + ([WORK["tokens"]] if with_gaps else [])
    return sum(len(matcher(doc)) for doc in WORK["nlp"].pipe(texts) for matcher in matchers) if texts else 0


WORK = {}


def spacy_speed(corpus, with_gaps):
    from functools import partial
    from multiprocessing import Pool

    work = partial(spacy_work, with_gaps=with_gaps)
    texts = list(answers(corpus))
    if with_gaps:
        texts = texts[::10]  # it is slow
    with Pool(os.cpu_count()) as pool:
        pool.map(work, [[]] * os.cpu_count() * 4, chunksize=1)  # start up before the clock runs
        start = time.perf_counter()
        pool.map(work, [texts[n : n + 200] for n in range(0, len(texts), 200)], chunksize=1)
        took = time.perf_counter() - start
    return size(corpus) * share(corpus, texts) / took


def share(corpus, texts):
    """Which share of all that respondents say some texts are."""
    return sum(map(len, texts)) / sum(map(len, answers(corpus)))


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
    patterns = [re.compile(rf"\b{re.escape(cue)}\b", re.I) for cue in plain_cues()]
    start, done, rows = time.perf_counter(), [], []
    for text in answers(corpus):
        done.append(text)
        sentences = re.split(r"(?<=[.!?…])\s+", text)
        hits = [sum(bool(p.search(s)) for p in patterns) for s in sentences]
        for category, (vectors, model) in models.items():
            rows += zip(sentences, hits, [category] * len(sentences), model.predict_proba(vectors.transform(sentences))[:, 1])
        if time.perf_counter() - start > 20:  # it would take hours on the whole
            break
    pandas.DataFrame(rows, columns=["quote", "cues", "category", "p"])
    took = time.perf_counter() - start
    return size(corpus) * share(corpus, done) / took


def seconds(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def median(rounds, of):
    return statistics.median(of() for _ in range(rounds))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--megabytes", type=float, default=20)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--peer", choices=["phrases", "patterns", "python"], help=argparse.SUPPRESS)
    arguments.add_argument("--corpus", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.peer:
        print(python_speed(asked.corpus) if asked.peer == "python" else spacy_speed(asked.corpus, asked.peer == "patterns"))
        return
    install()
    build()
    with tempfile.TemporaryDirectory() as folder:
        examples = TARGET / "release/examples"
        subprocess.run([examples / "corpus", str(asked.megabytes), folder], check=True)
        rounds = [json.loads(subprocess.check_output([examples / "stages", folder], stderr=subprocess.DEVNULL)) for _ in range(asked.rounds)]
        speeds = {stage: statistics.median(r[stage] for r in rounds) for stage in rounds[0]}

        program = TARGET / "release/klantreis"

        def whole():
            subprocess.run(["rm", "-rf", f"{folder}/.klantreis", f"{folder}/klantreis-out"], check=True)
            return size(folder) / seconds([program, "run", folder, "--quiet", "--part-by-part"])

        speeds["run, end to end"] = median(asked.rounds, whole)
        again = median(asked.rounds, lambda: seconds([program, "run", folder, "--quiet", "--part-by-part"]))
        query = median(asked.rounds, lambda: seconds([program, "query", folder, "afspraak"]))
        grep = median(asked.rounds, lambda: seconds([VENV / "bin/rg", "--ignore-case", "afspraak", f"{folder}/interviews"]))
        for peer, rounds in [("phrases", asked.rounds), ("patterns", asked.rounds), ("python", 1)]:
            command = [VENV / "bin/python", __file__, "--peer", peer, "--corpus", folder]
            speeds[peer] = median(rounds, lambda: float(subprocess.check_output(command).split()[-1]))
        size_of = size(folder)
        print(f"{size_of:.1f} MB of interviews, {os.cpu_count()} cores, medians of {asked.rounds} rounds")
    for stage, speed in speeds.items():
        print(f"{stage:<18}{speed:>10.3f} MB/s")
    for what, stage, peer in [
        ("run against tantivy alone", "run, end to end", "tantivy"),
        ("cue matching against spaCy's phrases alone", "cues", "phrases"),
        ("cue matching against spaCy's phrases and patterns", "cues", "patterns"),
        ("coding against spaCy's phrases alone", "coding", "phrases"),
        ("coding against spaCy's phrases and patterns", "coding", "patterns"),
        ("coding against the Python pipeline", "coding", "python"),
    ]:
        print(f"{what:<52}{speeds[stage] / speeds[peer]:>10.2f} ×")
    first = size_of / speeds["run, end to end"]
    print(f"{'a second run with nothing changed, of the first':<52}{100 * again / first:>10.1f} %")
    print(f"a query for one word takes {1000 * query:.0f} ms, ripgrep {1000 * grep:.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
