#!/usr/bin/env python3
"""Lists what is in a Tidesync outbox, from its files alone: python3 read_outbox.py DIRECTORY [NAME]

Written from docs/log-format.md; needs nothing but Python 3.8. It changes nothing, and tells what stands in the log: a JSON
object a line, in the order in which the operations were enqueued.
"""
import glob, json, os, re, struct, sys, uuid

HEADER = 1024
STATUS = ["PENDING", "IN_FLIGHT", "DONE", "FAILED", "PERMANENT_FAILED"]
WATERMARK, TAIL_CUT, OPENED, ENQUEUED, CLAIMED, DELIVERED, FAILED, BURIED = range(1, 9)
RELEASED, REQUEUED, NOTED, REPLAYED, PRUNED, LOG_BEGINS = range(9, 15)

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def header(data):
    """The fields of the first intact copy of a segment's header; None if neither is."""
    for at in (0, 512):
        copy = data[at : at + 512]
        if len(copy) == 512 and copy[:8] == b"TIDEWAL\x1a" and crc32c(copy[:508]) == struct.unpack_from("<I", copy, 508)[0]:
            version, _, flags, number, base = struct.unpack_from("<HHIqq", copy, 8)
            if version > 3 or flags & ~3:
                sys.exit("the log was written by a newer version")
            if flags & 1:
                sys.exit("the log is encrypted with key %016x, and this reader has no keys" % struct.unpack_from("<Q", copy, 80))
            salt, cut_from = copy[48:52], struct.unpack_from("<q", copy, 72)[0]
            return {"number": number, "base": base, "salt": salt, "cut_from": cut_from, "data": data}
    return None


def varint(body, at):
    value = shift = 0
    while True:
        value |= (body[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not body[at - 1] & 0x80:
            return value, at


def fields(body):
    """The fields of a Protocol Buffers message, as pairs of tag and number or bytes."""
    at = 0
    while at < len(body):
        key, at = varint(body, at)
        value, at = varint(body, at)
        if key & 7 == 2:
            value, at = body[at : at + value], at + value
        yield key >> 3, value


def frames(segment):
    """Every frame that verifies: logical offset, type and fields. Behind damage it looks on, at each multiple of 8."""
    data, at = segment["data"], HEADER
    while at + 16 <= len(data):
        length, checksum, kind, low = struct.unpack_from("<IIIi", data, at)
        offset = segment["base"] + at - HEADER
        frame = data[at : at + 16 + (length + 7) // 8 * 8]
        checked = segment["salt"] + struct.pack("<q", offset) + frame[:4] + frame[8:]
        if low & 0xFFFFFFFF == offset & 0xFFFFFFFF and at + 16 + length <= len(data) and crc32c(checked) == checksum:
            if kind >> 8 == 0:  # flags mean a newer version
                yield offset, kind & 0xFF, list(fields(frame[16 : 16 + length]))
            at += len(frame)
        else:
            at += 8


def ids(record):
    return [str(uuid.UUID(bytes=bytes(v))) if tag == 29 else v.decode() for tag, v in record if tag in (1, 29)]


def live_frames(segments):
    """The frames that count, after steps 1 to 4 of the document's section Recovery."""
    segments.sort(key=lambda segment: segment["number"])
    read = [(segment, list(frames(segment))) for segment in segments]
    watermark = max([s["base"] for s in segments[1:] if s["cut_from"] == s["base"]], default=0)
    completed, begins = set(), 0
    for segment, found in read:
        for _, kind, record in found:
            values = dict(record)
            if kind == WATERMARK:
                watermark = max(watermark, values.get(25, 0))
            elif kind == TAIL_CUT:
                watermark = max(watermark, values.get(27, 0))
                completed.add(segment["base"])
            elif kind == LOG_BEGINS:
                begins = max(begins, values.get(31, 0))
    void, kept = [], []
    for segment, found in read:
        after_recovery = segment["cut_from"] < segment["base"]
        if after_recovery and watermark <= segment["base"] and segment["base"] not in completed:
            continue  # that opening was cut short: nothing but copies
        if after_recovery:
            void.append((segment["cut_from"], segment["base"]))
        kept.append((segment, found))
    for offset, kind, record in (frame for s, found in kept if s["number"] >= begins for frame in found):
        if not any(low <= offset < high for low, high in void):
            yield offset, kind, record


def apply(operations, offset, kind, record):
    values = dict(record)
    at_ms, error = values.get(2, 0), values.get(5, b"").decode()
    if kind == ENQUEUED:
        [name], created = ids(record), values.get(11, 0)
        operations[name] = {
            "id": name, "kind": values.get(12, b"").decode(), "target": values.get(13, b"").decode(),
            "payload_bytes": values.get(34, len(values.get(14, b""))), "status": STATUS[values.get(6, 0)], "attempt": values.get(3, 0),
            "created_at_ms": created, "updated_at_ms": created if values.get(30, 0) & 1 else values.get(19, 0),
            "last_error": error, "seq": values.get(32, offset),
        }
    elif kind == PRUNED:
        for name in ids(record):
            operations.pop(name, None)
    elif CLAIMED <= kind <= REPLAYED:
        for operation in filter(None, map(operations.get, ids(record))):  # or its own record is gone
            if kind != NOTED:
                operation["updated_at_ms"] = at_ms
                operation["status"] = {
                    CLAIMED: "IN_FLIGHT", DELIVERED: "DONE", BURIED: "PERMANENT_FAILED", REPLAYED: "PENDING",
                    RELEASED: STATUS[values.get(6, 0)],
                }.get(kind, "FAILED")
            if kind in (FAILED, BURIED, REQUEUED, REPLAYED):
                operation["attempt"] = values.get(3, 0)
            if kind != CLAIMED:
                operation["last_error"] = error
            if kind == REPLAYED:
                operation["seq"] = offset


directory, name = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "outbox"
files = [f for f in glob.glob(os.path.join(directory, name + "-*.log")) if re.search(r"-\d+\.log$", f)]
segments = [s for s in (header(open(file, "rb").read()) for file in files) if s]
operations = {}
for found in live_frames(segments):
    apply(operations, *found)
for operation in sorted(operations.values(), key=lambda o: o.pop("seq")):
    print(json.dumps(operation, ensure_ascii=False))
