import { ConfigError } from "@tenon/tensor";

import { expectAtLeast } from "../expect-options.ts";
import { crc32c } from "./crc32c.ts";

/** Numbers by name that were measured at a step. */
export interface ScalarEvent {
  /** Steps done when they were measured. */
  readonly step: number;
  /** When, in seconds since 1970: `Date.now() / 1000`. */
  readonly wallTime: number;
  /** By tag; TensorBoard makes a group of those that share what stands before a slash. Those that are undefined are left out. */
  readonly scalars: Readonly<Record<string, number | undefined>>;
}

/**
 * The first record of a TensorBoard event file, which says what kind of file it is. The file's name must contain `tfevents`:
 * `events.out.tfevents.1764417600.tenon`. One can be made of a metrics file at any time.
 *
 * Throws `ConfigError` when the time is no finite number.
 *
 * @example
 * ```ts
 * console.log(eventFileStart(1764417600).length); // 40
 * ```
 */
export function eventFileStart(wallTime: number): Uint8Array<ArrayBuffer> {
  return record(concat([event("eventFileStart", wallTime), lengthDelimited(3, utf8("brain.Event:2"))]));
}

/**
 * Scalars as a record of a TensorBoard event file, ready to be appended: a protocol buffer `Event`, framed by its length and checksums as
 * in TFRecord files. TensorBoard keeps single precision.
 *
 * Throws `ConfigError` when the step is no whole number from 0 up, the time no finite number, or a scalar no number.
 *
 * @example
 * ```ts
 * const line: MetricsLine = { step: 100, loss: 1.75, rate: 0.001 };
 * const { step, ...scalars } = line;
 * const record = eventRecord({ step, wallTime: 1764417600, scalars });
 * console.log(record.length); // 55
 * ```
 */
export function eventRecord({ step, wallTime, scalars }: ScalarEvent): Uint8Array<ArrayBuffer> {
  expectAtLeast("eventRecord", "step", step, 0);
  const values = Object.entries(scalars).flatMap(([tag, value]) => {
    if (value === undefined) return [];
    if (typeof value === "number")
      return [lengthDelimited(1, concat([lengthDelimited(1, utf8(tag)), float(2, value)]))];
    throw new ConfigError(`eventRecord: the scalar "${tag}" must be a number, got ${typeof value}`, { tag, step });
  });
  // A zero is not written: it is what a reader takes where there is nothing.
  const stepField = step === 0 ? [] : [Uint8Array.of(tagByte(2, 0), ...varint(step))];
  return record(concat([event("eventRecord", wallTime), ...stepField, lengthDelimited(5, concat(values))]));
}

/** What every event begins with: its time. */
function event(caller: string, wallTime: number): Uint8Array {
  if (!Number.isFinite(wallTime)) {
    throw new ConfigError(`${caller}: wallTime must be a finite number of seconds, got ${wallTime}`, { wallTime });
  }
  const bytes = new Uint8Array(9);
  bytes[0] = tagByte(1, 1);
  new DataView(bytes.buffer).setFloat64(1, wallTime, true);
  return bytes;
}

/** Length, its checksum, the data, its checksum; little-endian. */
function record(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return bytes;
}

/** TFRecord turns and shifts its checksums, so that data that holds checksums itself does not upset them. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;

/** A field's number and how it is written: 0 as a varint, 1 in eight bytes, 2 with its length, 5 in four bytes. */
const tagByte = (field: number, wire: 0 | 1 | 2 | 5): number => (field << 3) | wire;

const lengthDelimited = (field: number, bytes: Uint8Array): Uint8Array =>
  Uint8Array.from([tagByte(field, 2), ...varint(bytes.length), ...bytes]);

function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = tagByte(field, 5);
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

/** Seven bits to a byte, the lowest first; all but the last have their highest bit set. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  // Not by shifts, which know 32 bits only.
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
