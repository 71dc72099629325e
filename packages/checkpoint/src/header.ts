import { CheckpointError, type Shape } from "@tenon/tensor";

import { byteLength, isSafetensorsDType, type SafetensorsDType, safetensorsDTypes } from "./dtypes.ts";
import { type JsonValue, readObject } from "./json.ts";
import type { Extent } from "./layout.ts";
import { countElements } from "./shape.ts";
import { damaged, quote, show } from "./show.ts";

/** Free text that travels with the tensors, under the key `__metadata__`. */
export type SafetensorsMetadata = Readonly<Record<string, string>>;

/** One tensor as the header states it, its size checked against its shape and dtype. */
export interface TensorEntry extends Extent {
  readonly dtype: SafetensorsDType;
  readonly shape: Shape;
}

const keys = ["dtype", "shape", "data_offsets"] as const;

/** Reads the header's text; the entries come in the order of their offsets. Where they lie is for `checkLayout` to judge. */
export function readHeader(text: string, file: string): { entries: TensorEntry[]; metadata: SafetensorsMetadata } {
  const entries: TensorEntry[] = [];
  let metadata: SafetensorsMetadata = {};
  readObject(
    text,
    (name, value) => {
      if (name === "__metadata__") metadata = readMetadata(value, file);
      else entries.push(readEntry(name, value, file));
    },
    (problem) => {
      throw new CheckpointError(`${file}: the header ${problem}. ${damaged}`, {
        file,
        expected: "valid JSON",
        got: problem,
      });
    },
  );
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  return { entries, metadata };
}

function readMetadata(value: JsonValue, file: string): SafetensorsMetadata {
  const refuse = (what: string, expected: string, got: JsonValue): never => {
    throw new CheckpointError(`${file}: ${what} is ${show(got)}; expected ${expected}. ${damaged}`, {
      file,
      expected,
      got: show(got),
    });
  };
  if (!isObject(value)) return refuse("__metadata__", "an object of strings", value);
  // Without a prototype, a key like "__proto__" is a key like any other.
  const metadata = Object.create(null) as Record<string, string>;
  for (const [key, text] of value)
    metadata[key] = typeof text === "string" ? text : refuse(`__metadata__ ${quote(key)}`, "a string", text);
  return metadata;
}

function readEntry(name: string, value: JsonValue, file: string): TensorEntry {
  const refuse = (problem: string, expected: string, got: string, remedy = damaged): never => {
    throw new CheckpointError(
      `${file}: tensor ${quote(name)}: ${problem}; expected ${expected}, got ${got}. ${remedy}`,
      { file, tensor: name, expected, got },
    );
  };
  if (!isObject(value))
    return refuse("its entry is no object", "an object with dtype, shape and data_offsets", show(value));
  for (const key of keys)
    if (!value.has(key))
      refuse(`its entry lacks ${quote(key)}`, "dtype, shape and data_offsets", show([...value.keys()]));
  for (const key of value.keys()) {
    if (!(keys as readonly string[]).includes(key))
      refuse(
        `its entry has the unknown key ${quote(key)}`,
        "dtype, shape and data_offsets alone",
        show([...value.keys()]),
      );
  }

  const dtype = value.get("dtype");
  if (!isSafetensorsDType(dtype)) {
    return refuse(
      "its dtype is unknown",
      `one of ${safetensorsDTypes.join(", ")}`,
      show(dtype),
      "The file is damaged or newer than this version of Tenon: export it again with one of these dtypes.",
    );
  }
  const shape = wholeNumbers(value.get("shape"));
  if (shape === undefined)
    return refuse("its shape is invalid", "a list of whole numbers from 0 to 2^53 - 1", show(value.get("shape")));
  const elements = countElements(shape);
  const bytes = elements === undefined ? undefined : byteLength(dtype, elements);
  if (bytes === undefined)
    return refuse(
      `its shape and dtype ${dtype} give no possible size`,
      "a whole number of bytes below 2^53",
      show(value.get("shape")),
    );

  const [begin, end, ...rest] = wholeNumbers(value.get("data_offsets")) ?? [];
  if (begin === undefined || end === undefined || rest.length > 0 || begin > end) {
    return refuse(
      "its data_offsets are invalid",
      "two whole numbers [begin, end] with begin ≤ end",
      show(value.get("data_offsets")),
    );
  }
  if (end - begin !== bytes) {
    refuse(
      `its data_offsets [${begin}, ${end}] do not fit its shape`,
      `${bytes} bytes for shape ${show(value.get("shape"))} of ${dtype}`,
      `${end - begin} bytes`,
    );
  }
  return { name, dtype, shape, begin, end };
}

const isObject = (value: JsonValue): value is ReadonlyMap<string, JsonValue> => value instanceof Map;

/** The numbers of a list whose items are all whole numbers from 0 to 2^53 - 1, spelled without sign, fraction or exponent. */
const wholeNumbers = (value: JsonValue | undefined): readonly number[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === "number") ? value : undefined;
