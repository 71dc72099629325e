import { type F32, type F64, type I32, i32 } from "./instructions.ts";
import { narrow, truth } from "./lowering.ts";
import { typeCode, unsigned, type Code, type Type, type Value } from "./value.ts";

const blockOpcode = 0x02;
const loopOpcode = 0x03;
const noResult = 0x40;
const end = 0x0b;

/** A variable of a function. As a value it is what it holds when the code that uses it runs. */
export class Local<T extends Type> implements Value<T> {
  readonly type: T;
  readonly code: Code;
  readonly #func: Func;
  readonly #index: number;
  constructor(func: Func, type: T, index: number) {
    this.#func = func;
    this.type = type;
    this.#index = index;
    this.code = [0x20, unsigned(index)];
  }
  /** Appends an assignment. */
  set(value: Value<T>): void {
    this.#func.append([value.code, 0x21, unsigned(this.#index)]);
  }
}

/** Where a value may be stored, and how many of its bits. */
export type Place = "i32" | "i32 as 8 bits" | "i32 as 16 bits" | "f32" | "f64" | "v128";
interface Stored {
  i32: I32;
  "i32 as 8 bits": I32;
  "i32 as 16 bits": I32;
  f32: F32;
  f64: F64;
  v128: Value<"v128">;
}
const storeCode: { readonly [P in Place]: readonly [opcode: Code, align: number] } = {
  i32: [[{ near: [0x36], far: [0x3e] }], 2],
  "i32 as 8 bits": [[{ near: [0x3a], far: [0x3c] }], 0],
  "i32 as 16 bits": [[{ near: [0x3b], far: [0x3d] }], 1],
  f32: [[0x38], 2],
  f64: [[0x39], 3],
  v128: [[0xfd, 11], 4],
};

/** N of them, as a tuple where N is known. */
type Several<T, N extends number, Found extends T[] = []> = number extends N
  ? T[]
  : Found["length"] extends N
    ? Found
    : Several<T, N, [...Found, T]>;

/** A function in the making: each method appends code. It returns nothing; what it computes it stores. */
export class Func {
  readonly name: string;
  readonly parameters: readonly Type[];
  /** The functions that this one calls. */
  readonly callees: Set<Func> = new Set();
  readonly #locals: Type[] = [];
  #code: Code[] = [];

  constructor(name: string, parameters: readonly Type[]) {
    this.name = name;
    this.parameters = parameters;
  }

  append(code: Code): void {
    this.#code.push(code);
  }
  /** The n-th parameter, as a variable. */
  parameter<T extends Type>(n: number, type: T): Local<T> {
    if (this.parameters[n] !== type)
      throw new TypeError(`${this.name}: parameter ${n} is ${this.parameters[n]}, not ${type}`);
    return new Local(this, type, n);
  }
  /** A new variable; it begins as zero. */
  local<T extends Type>(type: T): Local<T> {
    this.#locals.push(type);
    return new Local(this, type, this.parameters.length + this.#locals.length - 1);
  }
  /** Several new variables, to be destructured. */
  locals<T extends Type, N extends number>(type: T, count: N): Several<Local<T>, N> {
    return Array.from({ length: count }, () => this.local(type)) as Several<Local<T>, N>;
  }
  /** A new variable that holds a value: computed here, once. */
  let<T extends Type>(value: Value<T>): Local<T> {
    const local = this.local(value.type);
    local.set(value);
    return local;
  }

  store<P extends Place>(place: P, address: I32, value: Stored[P], offset = 0): void {
    const [opcode, align] = storeCode[place];
    const at = typeof address === "number" ? i32.of(address) : address;
    this.append([at.code, this.#value(place, value), opcode, align, unsigned(offset)]);
  }
  #value(place: Place, value: Value<Type> | number): Code {
    if (typeof value !== "number") return value.code;
    // Only i32 is ever stored as a constant; a float's would need its own encoding.
    if (place === "f32" || place === "f64")
      throw new TypeError(`${this.name}: store a float constant with ${place}.of(${value})`);
    return i32.of(value).code;
  }
  /** Sets `bytes` bytes to one value. */
  fill(to: Value<"i32">, byte: I32, bytes: Value<"i32">): void {
    const value = typeof byte === "number" ? i32.of(byte) : byte;
    this.append([to.code, value.code, narrow, bytes.code, 0xfc, 11, 0]);
  }
  /** Copies bytes; the two may overlap. */
  copy(to: Value<"i32">, from: Value<"i32">, bytes: Value<"i32">): void {
    this.append([to.code, from.code, bytes.code, 0xfc, 10, 0, 0]);
  }
  /** Calls another function of the module. */
  call(callee: Func, ...values: readonly Value<Type>[]): void {
    if (values.map(({ type }) => type).join() !== callee.parameters.join())
      throw new TypeError(`${this.name}: ${callee.name} takes (${callee.parameters.join()})`);
    this.callees.add(callee);
    this.append([values.map(({ code }) => code), 0x10, { callee }]);
  }
  /** a where the condition is not 0, else b; both are computed. */
  select<T extends Type>(condition: Value<"i32">, a: Value<T>, b: Value<T>): Value<T> {
    // The typed form: the short one is for numbers only, not for vectors.
    return { type: a.type, code: [a.code, b.code, truth(condition), 0x1c, 1, typeCode[a.type]] };
  }

  /** Runs `then` when the condition is not 0, else `otherwise`. */
  if(condition: Value<"i32">, then: () => void, otherwise?: () => void): void {
    const yes = this.#within(then);
    const no = otherwise === undefined ? [] : [0x05, this.#within(otherwise)];
    this.append([truth(condition), 0x04, noResult, yes, no, end]);
  }
  /** Runs the body, and again as long as the condition holds after it. The body runs at least once. */
  doWhile(body: () => void, condition: () => Value<"i32">): void {
    this.append([loopOpcode, noResult, this.#within(() => (body(), this.append([truth(condition()), 0x0d, 0]))), end]);
  }
  /** Runs the body as long as the condition holds before it. */
  while(condition: () => Value<"i32">, body: () => void): void {
    const inside = this.#within(() => {
      this.append([truth(i32.eqz(condition())), 0x0d, 1]);
      body();
      this.append([0x0c, 0]);
    });
    this.append([blockOpcode, noResult, loopOpcode, noResult, inside, end, end]);
  }
  /**
   * Counts from `from` up by `step` while below `to`, unsigned. `to` is computed anew on each turn: give a variable or a constant. The
   * variable holds the first number not below `to` afterwards, or `from` where that is not below.
   */
  for(counter: Local<"i32">, from: I32, to: I32, step: I32, body: () => void): void {
    counter.set(typeof from === "number" ? i32.of(from) : from);
    this.if(i32.lt(counter, to), () =>
      this.doWhile(
        () => {
          body();
          counter.set(i32.add(counter, step));
        },
        () => i32.lt(counter, to),
      ),
    );
  }

  #within(body: () => void): Code {
    const outer = this.#code;
    const inner: Code[] = [];
    this.#code = inner;
    try {
      body();
    } finally {
      this.#code = outer;
    }
    return inner;
  }

  /** The function's entry in the code section. */
  body(): Code {
    const runs: [count: number, type: Type][] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    return [unsigned(runs.length), runs.map(([n, type]) => [unsigned(n), typeCode[type]]), this.#code, end];
  }
}
