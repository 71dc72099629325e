import type { Func } from "./func.ts";
import { flatten, typeByte, unsigned, type Code } from "./value.ts";

const section = (id: number, contents: Code): number[] => {
  const bytes: number[] = [];
  flatten(contents, bytes);
  return [id, ...unsigned(bytes.length), ...bytes];
};
const list = (items: readonly Code[]): Code => [unsigned(items.length), items];
const text = (s: string): Code => list([...new TextEncoder().encode(s)].map((byte) => [byte]));

/** The memory that a module imports as `env.memory`; a page has 64 KiB. */
export interface MemoryLimits {
  readonly initialPages: number;
  readonly maximumPages: number;
  /** Seen by several threads. */
  readonly shared: boolean;
}

/** The bytes of a module that imports a memory and exports each of the functions by its name; what they call comes along. */
export function assemble(exported: readonly Func[], memory: MemoryLimits): Uint8Array<ArrayBuffer> {
  const all = new Set(exported);
  for (const each of all) for (const callee of each.callees) all.add(callee);
  const functions = [...all];
  const numbers = new Map<object, number>(functions.map((each, i) => [each, i]));
  const limits = [memory.shared ? 3 : 1, unsigned(memory.initialPages), unsigned(memory.maximumPages)];
  const signatures = new Map<string, number>();
  const types: Code[] = [];
  const typeOf = functions.map(({ parameters }) => {
    const key = parameters.join();
    if (!signatures.has(key)) {
      signatures.set(key, types.length);
      types.push([0x60, list(parameters.map((type) => [typeByte[type]])), 0]);
    }
    return signatures.get(key)!;
  });
  const bodies = functions.map((each) => {
    const bytes: number[] = [];
    flatten(each.body(), bytes, (callee) => numbers.get(callee)!);
    return [unsigned(bytes.length), bytes];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[text("env"), text("memory"), 2, limits]])),
    ...section(3, list(typeOf.map((n) => unsigned(n)))),
    ...section(7, list(exported.map(({ name }, i) => [text(name), 0, unsigned(i)]))),
    ...section(10, list(bodies)),
  ]);
}
