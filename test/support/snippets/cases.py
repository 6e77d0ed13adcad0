import json, sys
from snippet import verify, verify_hex

def accepted(case, headers):
    body = case["body"].encode()
    if case["scheme"] == "standard":
        return verify(case["secret"], headers, body)
    return verify_hex(case["secret"], headers.get("x-webhook-signature"), body)

def as_aiohttp(headers):
    return {name: value.encode("latin-1").decode("utf-8", "surrogateescape") for name, value in headers.items()}

cases = json.load(sys.stdin.buffer)
for case in cases:
    assert accepted(case, as_aiohttp(case["headers"])) == accepted(case, case["headers"]), case["headers"]
print(json.dumps([accepted(case, case["headers"]) for case in cases]))
