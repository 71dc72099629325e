import { Bytes } from "./bytes.ts";
import type { Func } from "./func.ts";
import { typeByte, unsigned, type Code } from "./value.ts";

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
  const numbers = new Map<object, number>();
  const signatures = new Map<string, number>();
  const types: Code[] = [];
  const typeOf: Code[] = [];
  const exports: Code[] = [];
  const bodies = new Bytes();
  const body = new Bytes();

  const signature = ({ parameters }: Func): number => {
    const key = parameters.join();
    if (!signatures.has(key)) {
      signatures.set(key, types.length);
      types.push([0x60, list(parameters.map((type) => [typeByte[type]])), 0]);
    }
    return signatures.get(key)!;
  };
  /** Numbers a function and all that it calls, those that have no number yet. */
  const number = (func: Func, found: Func[]): Func[] => {
    if (numbers.has(func)) return found;
    numbers.set(func, typeOf.length);
    typeOf.push(unsigned(signature(func)));
    found.push(func);
    for (const callee of func.callees) number(callee, found);
    return found;
  };
  for (const func of exported) {
    for (const each of number(func, [])) {
      body.clear();
      body.write(each.body(), (callee) => numbers.get(callee)!);
      bodies.writeCounted(body);
    }
    exports.push([text(func.name), 0, unsigned(numbers.get(func)!)]);
  }

  const module = new Bytes();
  const contents = new Bytes();
  const section = (id: number, code: Code, rest?: Bytes): void => {
    contents.clear();
    contents.write(code);
    if (rest !== undefined) contents.append(rest);
    module.write([id]);
    module.writeCounted(contents);
  };
  module.write([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  section(1, list(types));
  const limits = [memory.shared ? 3 : 1, unsigned(memory.initialPages), unsigned(memory.maximumPages)];
  section(2, list([[text("env"), text("memory"), 2, limits]]));
  section(3, list(typeOf));
  section(7, list(exports));
  section(10, unsigned(typeOf.length), bodies);
  return module.copy();
}
