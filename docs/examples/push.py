#!/usr/bin/env python3
"""Signs a sale and pushes it, trying again until it is on disk. Python 3, nothing to install.

    POSBRIDGE_URL=https://shop.example POSBRIDGE_SECRET_FILE=push.secret python3 push.py
"""
import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request

URL = os.environ.get("POSBRIDGE_URL", "http://127.0.0.1:8788") + "/v1/events"
SECRET_FILE = os.environ.get("POSBRIDGE_SECRET_FILE", "push.secret")
# Seconds before each further try.
WAITS = [1, 5, 30, 120]


def signed(key: bytes, event_id: str, body: bytes) -> urllib.request.Request:
    stamp = str(int(time.time()))
    content = event_id.encode() + b"." + stamp.encode() + b"." + body
    code = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + code,
    }
    return urllib.request.Request(URL, data=body, headers=headers, method="POST")


def push(event_id: str, event: dict) -> dict:
    with open(SECRET_FILE, encoding="ascii") as file:
        key = base64.b64decode(file.read().strip().removeprefix("whsec_"))
    body = json.dumps(event, ensure_ascii=False).encode()
    for wait in WAITS + [None]:
        try:
            # Signed anew each time: a time stamp holds for five minutes.
            with urllib.request.urlopen(signed(key, event_id, body), timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            told = json.load(error)
            if error.code < 500:
                # No try will ever do: the answer says which field is wrong.
                raise SystemExit(f"refused: {told['error']}") from None
            why = told["error"]
        except OSError as error:
            why = str(error)
        if wait is None:
            raise SystemExit(f"not kept: {why}")
        print(f"trying again in {wait} s: {why}", file=sys.stderr)
        time.sleep(wait)
    raise AssertionError("the last try answers or ends the program")


if __name__ == "__main__":
    sale = {
        "kind": "sale",
        "receipt": {
            "number": "P-1001",
            "printed_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "items": [{"name": "凍檸茶", "quantity": "2", "unit_price": "18.00", "amount": "36.00"}],
            "total": "36.00",
            "payments": [{"method": "octopus", "amount": "36.00"}],
        },
    }
    print(json.dumps(push("till-2/P-1001", sale)))
