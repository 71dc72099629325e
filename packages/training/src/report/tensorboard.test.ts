import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { crc32c } from "./crc32c.ts";
import { eventFileStart, eventRecord, type ScalarEvent } from "./tensorboard.ts";

interface Golden {
  readonly start: number;
  readonly events: readonly ScalarEvent[];
  /** What TensorBoard's writer makes of them, in hexadecimal. */
  readonly file: string;
}
const golden = JSON.parse(readFileSync(new URL("../../goldens/events.json", import.meta.url), "utf8")) as Golden;

test("an event file equals, byte for byte, what TensorBoard's own writer makes", () => {
  const records = [eventFileStart(golden.start), ...golden.events.map(eventRecord)];
  expect(Buffer.concat(records).toString("hex")).toBe(golden.file);
});

test("scalars that are undefined are left out, and what is not finite is written", () => {
  const at = { step: 7, wallTime: 1 };
  expect(eventRecord({ ...at, scalars: { a: 1, b: undefined } })).toEqual(eventRecord({ ...at, scalars: { a: 1 } }));
  expect(eventRecord({ ...at, scalars: { a: Number.NaN } }).length).toBe(
    eventRecord({ ...at, scalars: { a: 1 } }).length,
  );
});

// RFC 3720, B.4
test("CRC-32C of the examples of iSCSI's standard", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
});

test("what is no event is refused", () => {
  const event = { step: 1, wallTime: 1, scalars: {} };
  expect(() => eventRecord({ ...event, step: -1 })).toThrow(
    "eventRecord: step must be a whole number from 0 up, got -1",
  );
  expect(() => eventRecord({ ...event, wallTime: Number.NaN })).toThrow(
    "eventRecord: wallTime must be a finite number of seconds, got NaN",
  );
  expect(() => eventFileStart(Infinity)).toThrow("eventFileStart: wallTime must be a finite number of seconds");
  expect(() => eventRecord({ ...event, scalars: { loss: "1" as unknown as number } })).toThrow(
    'eventRecord: the scalar "loss" must be a number, got string',
  );
});
