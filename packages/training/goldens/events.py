"""Makes events.json beside this file with TensorBoard's own writer: some events, and the bytes of their event file.

    pip install tensorboard==2.21.0
    python3 packages/training/goldens/events.py [an event file to print]

Before it writes, it reads the file back as TensorBoard does, and fails unless every scalar is there. Given an event file, it prints the
scalars of that one instead. Running it (and then the formatter) again gives the same file.
"""

import io
import json
import struct
import sys
import tempfile
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.version import VERSION

start = 1764417600.25
events = [
    {"step": 0, "wallTime": start + 1, "scalars": {"heldOutLoss": 4.25}},
    {"step": 1, "wallTime": start + 1.5, "scalars": {"loss": 4.1714, "rate": 1e-3, "tokensPerSecond": 51234.5}},
    {"step": 127, "wallTime": start + 2, "scalars": {"loss": 0.0, "rate": -0.0}},
    {"step": 128, "wallTime": start + 3, "scalars": {"übersetzung/bleu": 31.4, "a" * 150: 1.0}},
    {"step": 300_000, "wallTime": start + 4, "scalars": {"loss": 1e-30}},
    {"step": 2**53 - 1, "wallTime": start + 5, "scalars": {"loss": 2.5}},
]


def scalars(path):
    accumulator = EventAccumulator(str(path), size_guidance={"scalars": 0})
    accumulator.Reload()
    tags = accumulator.Tags()["scalars"]
    return {tag: [(s.step, s.wall_time, s.value) for s in accumulator.Scalars(tag)] for tag in tags}


if len(sys.argv) > 1:
    print(json.dumps(scalars(sys.argv[1]), indent=1))
    raise SystemExit

buffer = io.BytesIO()
writer = RecordWriter(buffer)
writer.write(event_pb2.Event(wall_time=start, file_version="brain.Event:2").SerializeToString())
expected = {}
for event in events:
    values = [summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in event["scalars"].items()]
    summary = summary_pb2.Summary(value=values)
    proto = event_pb2.Event(wall_time=event["wallTime"], step=event["step"], summary=summary)
    writer.write(proto.SerializeToString())
    for tag, value in event["scalars"].items():
        single = struct.unpack("f", struct.pack("f", value))[0]
        expected.setdefault(tag, []).append((event["step"], event["wallTime"], single))

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "events.out.tfevents.1764417600.tenon"
    path.write_bytes(buffer.getvalue())
    assert scalars(path) == expected, scalars(path)

golden = {"tensorboard": VERSION, "start": start, "events": events, "file": buffer.getvalue().hex()}
Path(__file__).with_name("events.json").write_text(json.dumps(golden) + "\n")
