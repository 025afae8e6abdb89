"""Reads what `possim print` wrote, with Python's codecs and nothing of the project's.

usage: round_trip_reader.py DIALECT CODEC BYTES TRUTH

DIALECT is escpos or star; CODEC is a Python codec, or "raster" for receipts that are pictures.
Splits the stream at the cuts and asks each document for every name and amount of its truth.
It knows only the commands that the simulator sends, so anything else is an error.
"""

import json
import sys
import unicodedata


def u16(data, at):
    return data[at] | data[at + 1] << 8


def escpos(data, at):
    """Length and effect of the ESC/POS command at `at`, or None where text begins."""
    lead = data[at : at + 2]
    if lead == b"\x1b@" or lead == b"\x1c&":
        return 2, None
    if lead == b"\x1bp":
        return 5, "kick"
    if lead in (b"\x1ba", b"\x1bE", b"\x1bt", b"\x1d!", b"\x1cC"):
        return 3, None
    if lead == b"\x1bd":
        return 3, "feed"
    if lead == b"\x1dV":
        return (4 if data[at + 2] == 66 else 3), "cut"
    if data[at : at + 3] == b"\x1d(k":
        return 5 + u16(data, at + 3), None
    if data[at : at + 3] == b"\x1dv0":
        return 8 + u16(data, at + 4) * u16(data, at + 6), "image"
    return None


def star(data, at):
    """The same for Star Line Mode and StarPRNT."""
    lead = data[at : at + 2]
    if data[at] == 7:
        return 1, "kick"
    if lead in (b"\x1b@", b"\x1bE", b"\x1bF"):
        return 2, None
    if lead == b"\x1b$":
        return 3, None
    if lead == b"\x1ba":
        return 3, "feed"
    if lead == b"\x1bd":
        return 3, "cut"
    if lead in (b"\x1bi", b"\x1b\x07"):
        return 4, None
    three = data[at : at + 3]
    if three in (b"\x1b\x1dt", b"\x1b\x1da"):
        return 4, None
    if three == b"\x1b\x1dS":
        return 9 + u16(data, at + 4) * u16(data, at + 6), "image"
    if data[at : at + 4] == b"\x1b\x1dyS":
        return 6, None
    if data[at : at + 4] == b"\x1b\x1dyD":
        return 8 + u16(data, at + 6), None
    if data[at : at + 4] == b"\x1b\x1dyP":
        return 4, None
    return None


def is_lead(byte, codec):
    """Whether `byte` begins a character of two bytes."""
    if codec == "shift_jis":
        return 0x81 <= byte <= 0x9F or 0xE0 <= byte <= 0xFC
    return codec in ("gb18030", "big5") and byte >= 0x81


def documents(data, command, codec):
    """Text and images of each document, in order, and how often the drawer was kicked."""
    done, line, images, kicks = [], bytearray(), [], 0
    text = []
    at = 0
    while at < len(data):
        found = command(data, at)
        if found:
            length, effect = found
            if effect == "kick":
                kicks += 1
            elif effect == "image":
                images.append(data[at : at + length])
            elif effect == "cut":
                done.append((unicodedata.normalize("NFC", "\n".join(text)), images))
                text, images = [], []
            at += length
        elif data[at] == 0x0A:
            text.append(line.decode(codec))
            line.clear()
            at += 1
        elif data[at] < 0x20:
            raise SystemExit(f"byte {at}: expected text or a known command, found {data[at]:02X}")
        else:
            length = 2 if is_lead(data[at], codec) else 1
            line += data[at : at + length]
            at += length
    if line or text:
        raise SystemExit("expected a cut at the end, found more text")
    return done, kicks


def amounts(value, field=""):
    """Every amount and name that the truth holds: (field, string)."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from amounts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from amounts(inner, field)
    elif isinstance(value, str):
        yield field, value


MONEY = {"amount", "unit_price", "subtotal", "service_charge", "rounding", "total", "tendered",
         "change", "gross", "net", "refunds", "voids"}
NAMES = {"merchant", "address", "number", "terminal", "cashier", "table", "name", "label",
         "modifiers", "original_number"}


def plain(text):
    """`text` without the marks between digits: 1,234.50 and 1.234 and 1234.50 compare equal."""
    return "".join(c for c in text if c not in ",.")


def shown(field, wanted, text, currency):
    if field in NAMES:
        return unicodedata.normalize("NFC", wanted) in text
    if field not in MONEY:
        return True
    if currency == "IDR":
        wanted = wanted.split(".")[0]
    return plain(wanted) in plain(text)


def main():
    dialect, codec, path, truth_path = sys.argv[1:]
    command = {"escpos": escpos, "star": star}[dialect]
    data = open(path, "rb").read()
    read, kicks = documents(data, command, "ascii" if codec == "raster" else codec)
    events = [json.loads(line) for line in open(truth_path, encoding="utf-8")]
    on_paper = [event for event in events if "receipt" in event or "report" in event]
    if len(read) != len(on_paper):
        raise SystemExit(f"expected {len(on_paper)} documents, found {len(read)}")
    cash = sum(1 for event in events if opens_drawer(event))
    if kicks != cash:
        raise SystemExit(f"expected {cash} kicks, found {kicks}")
    asked = 0
    for (text, _), event in zip(read, on_paper):
        currency = event.get("receipt", {}).get("currency", "")
        told = {"receipt": event.get("receipt"), "report": event.get("report")}
        for field, wanted in amounts(told):
            asked += 1
            if codec != "raster" and not shown(field, wanted, text, currency or home(events)):
                raise SystemExit(f"{event['kind']} {field}: expected {wanted!r} in\n{text}")
    if asked < 100:
        raise SystemExit(f"expected a truth worth asking for, found {asked} fields")
    print(f"{len(read)} documents, {asked} fields, {kicks} kicks")


def opens_drawer(event):
    if event["kind"] in ("no_sale", "top_up"):
        return True
    payments = event.get("receipt", {}).get("payments", [])
    return event["kind"] in ("sale", "refund") and any(p["method"] == "cash" for p in payments)


def home(events):
    codes = [event["receipt"].get("currency") for event in events if "receipt" in event]
    return next(code for code in codes if code)


main()
