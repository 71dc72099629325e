import { ConfigError } from "@tenon/tensor";
import * as z from "zod";

import { modelSchemas } from "./check-spec.ts";
import type { Group } from "./kinds/kind.ts";
import type { Kinds } from "./kinds/registry.ts";
import { standardKinds } from "./kinds/standard.ts";

/** A JSON Schema: an object of JSON. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What {@link specSchema} may be told. */
export interface SpecSchemaOptions {
  /** The kinds that a spec may name. Default: those that Tenon brings. */
  readonly kinds?: Kinds | undefined;
}

/**
 * A JSON Schema (draft 2020-12) of specs, for editors: it completes keys and kinds, explains each when the pointer rests on it, and marks what `checkSpec`
 * would refuse. It takes exactly the JSON that `checkSpec` takes. What only the parts themselves can tell, such as heads that do not divide the width, both
 * leave to `assemble`; that `layerGroups` divides `layers`, and a `patch` its `image`, only `checkSpec` tells.
 *
 * What a kind's options say by `.meta({ title: "How many heads the queries have" })` is what an editor shows, with what `.describe` says is expected.
 *
 * Throws `ConfigError` for a kind whose options JSON Schema cannot express, such as a check that is a function.
 *
 * @example
 * ```ts
 * const { $defs } = specSchema();
 * console.log(Object.keys($defs!).slice(0, 4)); // [ 'decoder', 'encoder', 'encoder-decoder', 'image-encoder' ]
 * ```
 */
export function specSchema({ kinds = standardKinds }: SpecSchemaOptions = {}): JsonSchema {
  const models = Object.entries(modelSchemas).map(([kind, schema]) => [kind, jsonOf(schema)] as const);
  const parts = groups.map((group) => [group, { oneOf: kinds.schemas(group).map(partJson(group)) }] as const);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A model of Tenon",
    description: "An architecture as data, which assemble of @tenon/models builds.",
    oneOf: models.map(([kind]) => ({ $ref: `#/$defs/${kind}` })),
    $defs: Object.fromEntries<JsonSchema>([...models, ...parts]),
  };
}

const groups: readonly Group[] = ["position", "attention", "crossAttention", "feedForward", "norm", "residual", "head"];

function partJson(group: Group): (entry: readonly [name: string, options: z.ZodType]) => JsonSchema {
  return ([name, options]) => {
    try {
      const json = jsonOf(options);
      const said = json.properties?.["kind"];
      // An editor shows what stands at the key under the pointer, and a reader's question is what the kind is.
      if (typeof said === "object" && json.description !== undefined) said.description ??= json.description;
      return json;
    } catch (error) {
      throw new ConfigError(
        `specSchema: JSON Schema cannot express the options of the kind ${JSON.stringify(name)} of ${group}: ${String(error)}. Write them with zod's schemas for JSON`,
        { group, kind: name },
        { cause: error },
      );
    }
  };
}

/** A part is whatever the definition of its group says; titles and descriptions are one sentence. */
function jsonOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const { title, group } = z.globalRegistry.get(zodSchema) ?? {};
      if (title !== undefined) {
        const said = jsonSchema.description;
        jsonSchema.description =
          said === undefined ? title : `${title}${/[.?]$/.test(title) ? "" : "."} Expected: ${said}.`;
        delete jsonSchema.title;
      }
      if (typeof group === "string") {
        const { description } = jsonSchema;
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
        Object.assign(jsonSchema, { description, $ref: `#/$defs/${group}` });
      }
    },
  });
  return json;
}
