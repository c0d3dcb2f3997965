#!/usr/bin/env python3
"""Writes the six interviews of data/studies/bieden in the formats that researchers get.

    data/make-variants.py

Reads the plain texts in tests/fixtures/bieden and writes data/studies/bieden/interviews: two Word documents (runs
split in the middle of words, a header table with the metadata), a Teams-like WebVTT, a SubRip file and two texts with
different speaker marks. Needs nothing but Python; the output is the same every time.
"""
import os, re, zipfile
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "tests", "fixtures", "bieden")
TARGET = os.path.join(HERE, "studies", "bieden", "interviews")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def load(n):
    head, turns = [], []
    for line in open(os.path.join(SOURCE, f"interview-{n}.txt"), encoding="utf-8"):
        m = re.match(r"^(I|R): (.*)$", line.strip())
        if m:
            turns.append((m[1], m[2]))
        elif line.strip() and not turns:
            head.append(tuple(x.strip() for x in line.split(":", 1)))
    return head, turns


def run(text, bold=False):
    style = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{style}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(mark, text):
    # A word processor splits runs wherever someone once put the cursor: every 37 characters here, in mid-word.
    pieces = [text[i : i + 37] for i in range(0, len(text), 37)]
    runs = run(mark + ":", True) + run(" ") + '<w:proofErr w:type="spellStart"/>'.join(run(p) for p in pieces)
    return f'<w:p><w:pPr><w:pStyle w:val="Gesprek"/></w:pPr>{runs}</w:p>'


def docx(n):
    head, turns = load(n)
    rows = "".join(
        f"<w:tr><w:tc><w:p>{run(k)}</w:p></w:tc><w:tc><w:p>{run(v)}</w:p></w:tc></w:tr>" for k, v in head
    )
    body = f"<w:tbl><w:tblPr/>{rows}</w:tbl>" + "".join(paragraph(m, t) for m, t in turns)
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles {W}><w:style w:type="paragraph" w:styleId="Gesprek"><w:name w:val="Gesprek"/></w:style></w:styles>',
        "word/document.xml": f"<w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    with zipfile.ZipFile(os.path.join(TARGET, f"interview-{n}.docx"), "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2024, 3, 14, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)


def cues(turns):
    """(start ms, end ms, role, text): some twelve words a cue, at 2.5 words a second."""
    at = 0
    for mark, text in turns:
        words = text.split(" ")
        for i in range(0, len(words), 12):
            part = words[i : i + 12]
            end = at + 400 * len(part)
            yield at, end, mark, " ".join(part)
            at = end + 200


def clock(ms, comma):
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}{comma}{ms % 1000:03}"


def vtt(n, names):
    head, turns = load(n)
    out = ["WEBVTT", "", "\n".join(["NOTE"] + [f"{k}: {v}" for k, v in head]), ""]
    for i, (start, end, mark, text) in enumerate(cues(turns)):
        text = text.replace("&", "&amp;").replace("<", "&lt;")
        out += [f"1f0c6b1e-7a52/{i}-0", f"{clock(start, '.')} --> {clock(end, '.')}", f"<v {names[mark]}>{text}</v>", ""]
    write(f"interview-{n}.vtt", "\n".join(out))


def srt(n, names):
    _, turns = load(n)
    out, last = [], None
    for i, (start, end, mark, text) in enumerate(cues(turns), 1):
        name = "" if mark == last else names[mark] + ": "
        last = mark
        out += [str(i), f"{clock(start, ',')} --> {clock(end, ',')}", name + text, ""]
    write(f"interview-{n}.srt", "\n".join(out))


def txt(n, names):
    head, turns = load(n)
    lines = [f"{k}: {v}" for k, v in head] + [""]
    for mark, text in turns:
        lines += [f"{names[mark]}: {text}", ""]
    write(f"interview-{n}.txt", "\n".join(lines))


def write(name, text):
    with open(os.path.join(TARGET, name), "w", encoding="utf-8", newline="\n") as f:
        f.write(text)


os.makedirs(TARGET, exist_ok=True)
docx(1)
docx(2)
vtt(3, {"I": "Sanne Interviewer", "R": "Respondent 3"})
srt(4, {"I": "Interviewer", "R": "Respondent"})
txt(5, {"I": "I", "R": "R"})
txt(6, {"I": "Interviewer", "R": "Medewerker"})
