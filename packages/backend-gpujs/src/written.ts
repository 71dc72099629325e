import type { Device } from "./device.ts";
import type { Job } from "./job.ts";
import { squareOutput, usualOutput } from "./output.ts";

/** A kernel as gpu.js takes it. */
export interface Written {
  /** Of its result, the last axis first. */
  readonly sizes: readonly number[];
  readonly source: string;
  readonly functions: readonly string[];
}

/** Writes a job out for a device: where its coordinates are, and how it asks for NaN. */
export function written({ name, out, body, functions = [] }: Job, parameters: string, device: Device): Written {
  const { sizes, axes } = device.square ? squareOutput(out) : usualOutput(out);
  const withNaN = (code: string): string => code.replaceAll(/NAN\((\w+)\)/g, (_, x: string) => device.isNaN(x));
  const thread = (axis: string): string => `this.thread.${axes[axis as keyof typeof axes]}`;
  const placed = device.named
    ? `const X = ${thread("X")};\nconst Y = ${thread("Y")};\nconst Z = ${thread("Z")};\n${withNaN(body)}`
    : withNaN(body).replaceAll(/\b[XYZ]\b/g, (axis) => thread(axis));
  return { sizes, source: `function ${name}(${parameters}) {\n${placed}\n}`, functions: functions.map(withNaN) };
}
