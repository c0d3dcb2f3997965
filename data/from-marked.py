#!/usr/bin/env python3
"""Marked interviews (one sentence a line, its codes before it) -> a study folder: transcripts, klantreis.toml, gold.csv.

usage: from-marked.py FILE.study... [-o DIR]     without -o the files are only checked
"""
import csv, re, sys
from pathlib import Path

CATEGORY = {"b": "behoefte", "w": "winst", "p": "pijnpunt", "a": "activiteit"}
USUAL = {"b": 0, "w": 1, "p": -1, "a": 0}
TAG = re.compile(r"^(-|[bwpa]{1,3})([+-]?[0-2])?(@[\w-]+)?(#[\w-]+)?\s+(\S.*)$")
LONGEST = 3


def read(path):
    study = {"title": "", "phase": [], "touchpoint": [], "interviews": []}
    faults, interview, phase = [], None, None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line:
            continue
        key = line.split(":", 1)[0]
        if line.startswith("==="):
            name, *head = [part.strip() for part in line.strip("= ").split("|")]
            interview = {"name": name, "head": head, "turns": []}
            study["interviews"].append(interview)
            phase = None
        elif interview is None and key == "title":
            study["title"] = line.split(":", 1)[1].strip()
        elif interview is None and key in ("phase", "touchpoint"):
            fields = [part.strip() for part in line.split(":", 1)[1].split("|")]
            if len(fields) != 3:
                faults.append(f"{number}: three fields wanted: {line}")
            else:
                study[key].append(fields)
        elif interview is None:
            faults.append(f"{number}: not understood: {line}")
        elif line.startswith("I:"):
            interview["turns"].append(("I", line[2:].strip()))
        else:
            found = TAG.match(line)
            if not found:
                faults.append(f"{number}: no tag: {line[:60]}")
                continue
            codes, emotion, at, touch, text = found.groups()
            phase = at[1:] if at else phase
            if codes != "-" and phase is None:
                faults.append(f"{number}: a coded sentence before any @phase")
            if at and phase not in [p[0] for p in study["phase"]]:
                faults.append(f"{number}: unknown phase {phase}")
            if touch and touch[1:] not in [t[0] for t in study["touchpoint"]]:
                faults.append(f"{number}: unknown touchpoint {touch[1:]}")
            if not interview["turns"] or interview["turns"][-1][0] == "I":
                interview["turns"].append(("R", []))
            interview["turns"][-1][1].append(("" if codes == "-" else codes, emotion, phase, (touch or "#")[1:], text))
    return study, faults


def quotes(file, turns):
    for number, (who, sentences) in enumerate(turns, 1):
        if who != "R":
            continue
        for letter, category in CATEGORY.items():
            run = []
            for sentence in sentences + [("", None, None, "", "")]:
                codes, emotion, phase, touch, text = sentence
                if run and (letter not in codes or phase != run[0][2] or len(run) == LONGEST):
                    marks = [int(s[1]) for s in run if s[1] and (s[0] == letter or letter in "pw" or len(s[0]) == 1)]
                    touchpoint = next((s[3] for s in run if s[3]), "")
                    text_of_run = " ".join(s[4] for s in run)
                    yield [file, number, text_of_run, category, run[0][2], touchpoint, max(marks, key=abs) if marks else USUAL[letter]]
                    run = []
                if letter in codes:
                    run.append(sentence)


def write(study, folder):
    (folder / "interviews").mkdir(parents=True, exist_ok=True)
    toml = [f'title = "{study["title"]}"', 'language = "nl"']
    for identifier, label, description in study["phase"]:
        toml += ["", "[[phase]]", f'id = "{identifier}"', f'label = "{label}"', f'description = "{description}"']
    for identifier, label, channel in study["touchpoint"]:
        channel = {"anderen": "via anderen"}.get(channel, channel)
        toml += ["", "[[touchpoint]]", f'id = "{identifier}"', f'label = "{label}"', f'channel = "{channel}"']
    (folder / "klantreis.toml").write_text("\n".join(toml) + "\n", encoding="utf-8")
    rows = []
    for interview in study["interviews"]:
        file = interview["name"] + ".txt"
        lines = [f'Studie: {study["title"]}', f'Interview: {interview["name"]}']
        lines += [f"Respondent: {interview['head'][0]}"] if interview["head"] else []
        lines += [part[:1].upper() + part[1:] for part in interview["head"][1:]]
        for who, said in interview["turns"]:
            lines += ["", f"{who}: " + (said if who == "I" else " ".join(s[4] for s in said))]
        (folder / "interviews" / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        rows += quotes(file, interview["turns"])
    with open(folder / "gold.csv", "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow("file,turn,quote,category,phase,touchpoint,emotion".split(","))
        table.writerows(sorted(rows, key=lambda r: (r[0], r[1])))


def main(arguments):
    target = Path(arguments[arguments.index("-o") + 1]) if "-o" in arguments else None
    bad = False
    for path in [Path(a) for a in arguments if a.endswith(".study")]:
        study, faults = read(path)
        sentences = [s for i in study["interviews"] for who, said in i["turns"] if who == "R" for s in said]
        for fault in faults:
            print(f"{path.name}:{fault}")
        bad |= bool(faults)
        if not faults and sentences:
            share = {k: round(100 * sum(k in s[0] for s in sentences) / len(sentences)) for k in CATEGORY}
            none = round(100 * sum(not s[0] for s in sentences) / len(sentences))
            each = [sum(len(said) for who, said in i["turns"] if who == "R") for i in study["interviews"]]
            print(f"ok {path.name}: {each} sentences, none {none}%, {share}")
            if target:
                write(study, target / path.stem)
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
