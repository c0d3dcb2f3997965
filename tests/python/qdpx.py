"""Checks a .qdpx with other people's readers and the standard's own schema; prints what is in it as JSON.

Usage: qdpx.py Project.xsd FILE
"""

import json
import sys
import tempfile
import zipfile

from lxml import etree
from pyrefiqda import RefiProject

xsd, path = sys.argv[1:]
archive = zipfile.ZipFile(path)
assert archive.testzip() is None
(document,) = [name for name in archive.namelist() if name.endswith(".qde")]
assert "/" not in document, "the document stands at the root"

# The schema.
tree = etree.fromstring(archive.read(document))
schema = etree.XMLSchema(etree.parse(xsd))
schema.assertValid(tree)

# What the schema lets through: every reference has its target, every GUID is there once, every file is there.
ns = {"q": "urn:QDA-XML:project:1.0"}
guids = tree.xpath("//@guid")
assert len(guids) == len(set(guids)), "a GUID is there twice"
for target in tree.xpath("//@targetGUID | //@creatingUser | //@creatingUserGUID"):
    assert target in guids, f"{target} is nowhere"
files = {name.lower(): name for name in archive.namelist()}

# The independent reader.
with tempfile.TemporaryDirectory() as folder:
    project = RefiProject.load(path, extract_dir=folder)

quotes = []
for source in project.sources.text_source:
    name = source.plain_text_path.removeprefix("internal://")
    raw = archive.read(files[f"sources/{name}".lower()])
    text = raw.decode("utf-8-sig")
    wide = text.encode("utf-16-le")
    for selection in source.plain_text_selection:
        start, end = selection.start_position, selection.end_position
        assert 0 <= start < end
        quotes.append(
            {
                "source": source.name,
                "name": selection.name,
                "codes": [coding.code_ref.target_guid for coding in selection.coding],
                # As the standard counts, and as NVivo does.
                "points": text[start:end],
                "utf16": wide[2 * start : 2 * end].decode("utf-16-le", "replace"),
            }
        )


def count(codes):
    return sum(1 + count(code.code) for code in codes)


print(
    json.dumps(
        {
            "users": len(project.users.user),
            "codes": count(project.code_book.codes.code),
            "cases": len(project.cases.case),
            "variables": len(project.variables.variable) if project.variables else 0,
            "notes": len(project.notes.note),
            "sets": [s.name for s in project.sets.set],
            "dates": sorted({info.date_time[0] for info in archive.infolist()}),
            "crlf": b"\r\n" in raw,
            "bom": raw.startswith(b"\xef\xbb\xbf"),
            "folder": [n for n in archive.namelist() if "/" in n][0].split("/")[0],
            "quotes": quotes,
        }
    )
)
