"""Checks a datapackage.json and the tables that it describes. Usage: datapackage.py FILE"""

import json
import sys

from frictionless import Package, validate

report = validate(sys.argv[1])
if not report.valid:
    sys.exit(json.dumps(report.flatten(["path", "rowNumber", "fieldName", "message"]), indent=1)[:4000])
package = Package(sys.argv[1])
print(json.dumps({r.name: {f.name: f.type for f in r.schema.fields} for r in package.resources}))
