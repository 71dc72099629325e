import type { Parameter, Part } from "@tenon/nn";
import { bytesPerElement, sizeOf, type DType, type Shape } from "@tenon/tensor";

import { partHomes } from "./part-homes.ts";

/** One parameter in a description. */
export interface ParameterDescription {
  readonly name: string;
  readonly shape: Shape;
  /** How its numbers are stored where that is not f32: in 16 bits, or in levels, q8 or q4, whose scales are listed after it. */
  readonly dtype?: DType;
  /** Under which path the same parameter is listed already, when parts share it; it is then not counted again. */
  readonly sharedWith?: string;
}

/** One part in a description: where it is, what it is, whose it is, and what it holds itself (not what its parts hold). */
export interface PartDescription {
  readonly path: string;
  /** The name of its class. */
  readonly kind: string;
  /** The package that the class comes from; undefined for a class that Tenon does not know. */
  readonly package: string | undefined;
  readonly parameters: readonly ParameterDescription[];
  /** How many numbers its own parameters hold, scales of levels included. */
  readonly count: number;
  /** The memory of its own parameters. */
  readonly bytes: number;
}

/** A model, part by part. */
export interface Description {
  readonly parts: readonly PartDescription[];
  /** How many numbers all parameters hold, shared ones once. */
  readonly count: number;
  readonly bytes: number;
  /** The packages that the model's parts come from, in the order of first use. */
  readonly packages: readonly string[];
}

/**
 * Lists what a model is made of: each part with its class, the package it comes from, and its own parameters.
 *
 * @example
 * ```ts
 * const { parts, count } = describe(assemble(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 })));
 * console.log(count, parts.find(({ kind }) => kind === "MultiHeadAttention")!.path); // 809856 blocks.0.attention
 * ```
 */
export function describe(model: Part): Description {
  const pathOf = new Map([...model.parameters()].map(([path, parameter]) => [parameter, path]));
  const parts = [...model.parts()].map(([path, part]): PartDescription => {
    const parameters = ownParameters(part).map(([name, parameter]): ParameterDescription => {
      const first = pathOf.get(parameter)!;
      const { dtype, shape } = parameter.type;
      return {
        name,
        shape,
        ...(dtype !== "f32" && { dtype }),
        ...(first !== join(path, name) && { sharedWith: first }),
      };
    });
    const own = parameters.filter(({ sharedWith }) => sharedWith === undefined);
    const count = own.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const bytes = own.reduce((sum, { shape, dtype = "f32" }) => sum + sizeOf(shape) * bytesPerElement(dtype), 0);
    const home = partHomes.get(part.constructor);
    return {
      path,
      kind: home?.kind ?? part.constructor.name,
      package: home?.package,
      parameters,
      count,
      bytes,
    };
  });
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  return { parts, count, bytes, packages: [...new Set(parts.flatMap((part) => part.package ?? []))] };
}

/** The parameters of a part that are in none of the parts in it. */
function ownParameters(part: Part): [name: string, parameter: Parameter][] {
  const inside = [...part.parts().keys()].filter((path) => path !== "");
  return [...part.parameters()].filter(([name]) => !inside.some((path) => name.startsWith(`${path}.`)));
}

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
