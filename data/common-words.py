#!/usr/bin/env python3
"""How often people use a word when they talk of other things than the service: data/words/nl-gangbaar.csv, from what is uncoded in
the interviews of data/training.

usage: common-words.py        written anew only when interviews are added; the studies of data/studies are left out, so that
                              what is measured on them stays clean
"""
import collections, csv, re, unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
OFTEN = 5

counts = collections.Counter()
for study in sorted(HERE.glob("training/*")):
    quotes = collections.defaultdict(list)
    with open(study / "gold.csv", encoding="utf-8", newline="") as gold:
        for row in csv.DictReader(gold):
            quotes[row["file"]].append(row["quote"])
    for path in sorted(study.glob("interviews/*.txt")):
        text = path.read_text(encoding="utf-8")
        # The longest first: one quote may hold another.
        for quote in sorted(quotes[path.name], key=len, reverse=True):
            text = text.replace(quote, " ")
        talk = [line.split(":", 1)[1] for line in text.splitlines() if re.match(r"R\w*:", line)]
        plain = unicodedata.normalize("NFKD", " ".join(talk).lower())
        counts.update(re.findall(r"[^\W\d_]{3,}", "".join(c for c in plain if not unicodedata.combining(c))))
total = sum(counts.values())
with open(HERE / "words/nl-gangbaar.csv", "w", encoding="utf-8") as out:
    out.write("woord,per_miljoen\n")
    for word, n in sorted(counts.items()):
        if n >= OFTEN:
            out.write(f"{word},{round(1e6 * n / total)}\n")
