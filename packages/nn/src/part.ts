import type { Backend } from "@tenon/tensor";

import { copyOf, expectThisCopy, thisCopy, type Copy } from "./copies.ts";
import { Parameter } from "./parameter.ts";

/**
 * A piece of a model: whatever holds parameters or other parts. Its public properties are what it is made of: parameters, parts,
 * and arrays and plain objects of them. What a part only refers to and does not consist of, it keeps in a `#private` field.
 *
 * Paths join the names of properties with dots: `blocks.3.attention.query.weight`. The elements of a part that is itself a list
 * (one with an iterator, such as a stack of blocks) are named by their place.
 *
 * @example
 * ```ts
 * const model = await new Linear({ input: 4, output: 2, random: random(1) }).to(cpu());
 * console.log([...model.parameters().keys()]); // [ 'weight', 'bias' ]
 * ```
 */
export abstract class Part {
  /** @internal */
  get [copyOf](): Copy {
    return thisCopy;
  }

  /**
   * Every parameter by its path, in order of declaration. One that several parts share is listed once, under the first path. What belongs to a weight in
   * levels follows it: `weight`, `weight.scales`; and so does an adapter: `weight.adapter.a`.
   */
  parameters(): Map<string, Parameter> {
    const found = new Map<string, Parameter>();
    for (const [path, member] of walk(this, "", new Set())) if (member instanceof Parameter) found.set(path, member);
    return found;
  }

  /** This part, under the path "", and every part in it by its path. A shared one is listed once, under the first path. */
  parts(): Map<string, Part> {
    const found = new Map<string, Part>();
    for (const [path, member] of walk(this, "", new Set())) if (member instanceof Part) found.set(path, member);
    return found;
  }

  /** Moves every parameter to a backend, and returns the part itself. */
  async to(backend: Backend): Promise<this> {
    for (const parameter of this.parameters().values()) await parameter.place(backend);
    return this;
  }

  /** Gives the memory of every parameter back. Their values are gone: the part works again only once each is assigned anew. */
  [Symbol.dispose](): void {
    for (const parameter of this.parameters().values()) parameter[Symbol.dispose]();
  }
}

// The parts and parameters reachable from a value, itself first, each once.
function* walk(value: object, path: string, seen: Set<object>): Generator<[path: string, member: Part | Parameter]> {
  if (seen.has(value)) return;
  seen.add(value);
  const member = value instanceof Part || value instanceof Parameter;
  if (member) yield [path, value];
  else expectThisCopy(value, path);
  if (value instanceof Parameter) {
    for (const [name, beside] of Object.entries(value.quantized?.beside ?? {}))
      yield* walk(beside, `${path}.${name}`, seen);
    if (value.adapter !== undefined) yield* walk(value.adapter, `${path}.adapter`, seen);
  }
  // Anything else with a class of its own is a black box: a cache, a tensor, a backend.
  if (value instanceof Parameter || (!member && !isPlain(value))) return;
  for (const [name, child] of children(value)) {
    if (typeof child === "object" && child !== null) yield* walk(child, path === "" ? name : `${path}.${name}`, seen);
  }
}

function* children(value: object): Generator<[name: string, child: unknown]> {
  let place = 0;
  if (isIterable(value)) for (const child of value) yield [String(place++), child];
  if (!Array.isArray(value)) yield* Object.entries(value);
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}
