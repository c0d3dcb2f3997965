"""Reads a .qdc with another reader; prints its codes as JSON. Usage: qdc.py FILE"""

import json
import sys

from pyrefiqda import RefiCodebook


def names(codes, above=()):
    for code in codes:
        yield ["/".join([*above, code.name]), code.color, code.description or ""]
        yield from names(code.code, [*above, code.name])


book = RefiCodebook.load(sys.argv[1])
print(json.dumps(list(names(book.codes.code))))
