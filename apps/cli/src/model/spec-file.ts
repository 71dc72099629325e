import { ConfigError, isTenonError, type Json } from "@tenon/tensor";

import { readJsonFile } from "../files/json-file.ts";

/** A spec as it stands in a file; only its assembly says whether it is right. */
export type RawSpec = Readonly<Record<string, Json>>;

/** Reads a spec. Throws `ConfigError` for a file that holds no JSON object. */
export async function readSpecFile(path: string): Promise<RawSpec> {
  const value = await readJsonFile(path);
  if (isObject(value) && isObject(value["spec"]) && !("kind" in value)) {
    throw new ConfigError(
      `${path} holds more than a spec: it looks like what \`tenon inspect --json\` prints. Save only what stands under its key "spec".`,
      { file: path },
    );
  }
  if (isObject(value)) return value;
  throw new ConfigError(
    `${path} holds no spec: expected a JSON object such as { "version": 1, "kind": "decoder", … }. Run \`tenon inspect --preset gpt --json\` to see one.`,
    { file: path },
  );
}

const isObject = (value: Json | undefined): value is RawSpec =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Assembles the model of a spec by `make`. The `ConfigError` for a spec that cannot be assembled names its file. */
export function assembleFile<M>(path: string, spec: RawSpec, make: (spec: RawSpec) => M): M {
  try {
    return make(spec);
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    throw new ConfigError(
      `${path} cannot be assembled: ${error.message}`,
      { ...error.fields, file: path },
      { cause: error },
    );
  }
}
