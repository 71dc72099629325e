import { Bytes } from "./bytes.ts";
import type { Func } from "./func.ts";
import { outerTypeCode, typeCode, unsigned, type Code } from "./value.ts";

const list = (items: readonly Code[]): Code => [unsigned(items.length), items];
/** Of an unsigned number: i64.extend_i32_u. */
const extend: Code = [0xad];
const text = (s: string): Code => list([...new TextEncoder().encode(s)].map((byte) => [byte]));

/** The memory that a module imports as `env.memory`; a page has 64 KiB. */
export interface MemoryLimits {
  readonly initialPages: number;
  readonly maximumPages: number;
  /** Seen by several threads. */
  readonly shared: boolean;
  /** Its addresses have 64 bits, as they must beyond 65,536 pages. Default: they have 32. */
  readonly far?: boolean;
}

/**
 * The bytes of a module that imports a memory and exports each of the functions by its name; what they call comes along. An i32 that is
 * passed to an exported function has 32 bits, whatever it has within the module: the caller is JavaScript, to which 64 are a BigInt.
 */
export function assembleWasm(exported: readonly Func[], memory: MemoryLimits): Uint8Array<ArrayBuffer> {
  const numbers = new Map<object, number>();
  const signatures = new Map<string, number>();
  const types: Code[] = [];
  const typeOf: Code[] = [];
  const exports: Code[] = [];
  const { far = false } = memory;
  const bodies = new Bytes(far);
  const body = new Bytes(far);

  const signature = ({ parameters }: Func, codeOf = typeCode): number => {
    const key = `${parameters.join()}${codeOf === typeCode ? "" : " outside"}`;
    if (!signatures.has(key)) {
      signatures.set(key, types.length);
      types.push([0x60, list(parameters.map((type) => codeOf[type])), 0]);
    }
    return signatures.get(key)!;
  };
  const write = (code: Code): void => {
    body.clear();
    body.write(code, (callee) => numbers.get(callee)!);
    bodies.writeCounted(body);
  };
  /** The number of a function that takes 32 bits for each i32 and calls this one. */
  const entryOf = (func: Func): number => {
    typeOf.push(unsigned(signature(func, outerTypeCode)));
    const values = func.parameters.map((type, i) => [0x20, unsigned(i), type === "i32" ? extend : []]);
    write([0, values, 0x10, { callee: func }, 0x0b]);
    return typeOf.length - 1;
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
    for (const each of number(func, [])) write(each.body());
    exports.push([text(func.name), 0, unsigned(far ? entryOf(func) : numbers.get(func)!)]);
  }

  const module = new Bytes(far);
  const contents = new Bytes(far);
  const section = (id: number, code: Code, rest?: Bytes): void => {
    contents.clear();
    contents.write(code);
    if (rest !== undefined) contents.append(rest);
    module.write([id]);
    module.writeCounted(contents);
  };
  module.write([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  section(1, list(types));
  const limits = [
    (memory.shared ? 3 : 1) + (far ? 4 : 0),
    unsigned(memory.initialPages),
    unsigned(memory.maximumPages),
  ];
  section(2, list([[text("env"), text("memory"), 2, limits]]));
  section(3, list(typeOf));
  section(7, list(exports));
  section(10, unsigned(typeOf.length), bodies);
  return module.copy();
}
