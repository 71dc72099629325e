import { byteRange } from "../bytes/byte-set.ts";
import type { Expression, Expressions } from "../bytes/expression.ts";
import { textTree } from "../bytes/text-tree.ts";
import { arrays } from "./arrays.ts";
import { areDisjoint } from "./disjoint.ts";
import { integers } from "./integers.ts";
import { JsonText } from "./json-text.ts";
import { type JsonType, typeOf, whatIsSaid } from "./keywords.ts";
import { objects } from "./objects.ts";
import { isObject, refuse, type SchemaContext, type SchemaObject } from "./schema-context.ts";
import { strings } from "./strings.ts";

/** The JSON texts of a schema, with at most `whitespace` blanks between two parts. */
export function schemaExpression(expressions: Expressions, root: unknown, whitespace: number): Expression {
  return new SchemaCompiler(expressions, root, whitespace).compile(root, "#");
}

class SchemaCompiler implements SchemaContext {
  readonly text: JsonText;
  readonly blanks: Expression;
  readonly #root: unknown;
  readonly #named = new Set<string>();

  constructor(expressions: Expressions, root: unknown, whitespace: number) {
    this.text = new JsonText(expressions);
    const blank = [0x20, 0x09, 0x0a, 0x0d].reduce((set, byte) => set | byteRange(byte, byte), 0n);
    this.blanks = expressions.repeat(expressions.bytes(blank), 0, whitespace);
    this.#root = root;
  }

  compile(schema: unknown, path: string): Expression {
    if (schema === true) return this.#anything();
    if (!isObject(schema)) refuse(path, `is a schema: an object, or true; got ${JSON.stringify(schema)}.`);
    const { expressions } = this.text;
    const { alone, types } = whatIsSaid(schema, path);
    if (alone === "$ref") return this.#reference(schema["$ref"], `${path}/$ref`);
    if (alone === "anyOf" || alone === "oneOf") return this.#alternatives(schema[alone], alone, path);
    if (alone !== undefined)
      return this.#values(alone === "const" ? [schema["const"]] : schema["enum"], types, `${path}/${alone}`);
    if (types === undefined) return this.#anything();
    return expressions.choice(...types.map((type) => this.#typed(type, schema, path)));
  }

  #typed(type: JsonType, schema: SchemaObject, path: string): Expression {
    const { expressions, number } = this.text;
    switch (type) {
      case "object":
        return objects(this, schema, path);
      case "array":
        return arrays(this, schema, path);
      case "string":
        return strings(this, schema, path);
      case "integer":
        return integers(expressions, schema, path);
      case "number":
        return number;
      case "boolean":
        return textTree(expressions, ["true", "false"]);
      case "null":
        return expressions.text("null");
    }
  }

  /** Any value of any type: the schema `true`. */
  #anything(): Expression {
    const types: readonly JsonType[] = ["object", "array", "string", "number", "boolean", "null"];
    return this.#define("any value", () =>
      types.map((type) => this.#typed(type, type === "object" ? { additionalProperties: true } : {}, "#")),
    );
  }

  /** A name is defined while it is used, so that a schema may hold itself. */
  #define(name: string, meaning: () => readonly Expression[]): Expression {
    const { expressions } = this.text;
    if (!this.#named.has(name)) {
      this.#named.add(name);
      expressions.define(name, expressions.choice(...meaning()));
    }
    return expressions.reference(name);
  }

  #reference(reference: unknown, path: string): Expression {
    const target = this.#resolve(reference, path);
    return this.#define(String(reference), () => [this.compile(target, String(reference))]);
  }

  #resolve(reference: unknown, path: string): unknown {
    if (reference === "#") return this.#root;
    const match = typeof reference === "string" ? /^#\/(\$defs|definitions)\/([^/%]+)$/.exec(reference) : null;
    if (match === null)
      refuse(path, `is "#" or "#/$defs/" and a name, got ${JSON.stringify(reference)}: move that schema to $defs.`);
    const name = match[2]!.replaceAll("~1", "/").replaceAll("~0", "~");
    const definitions = (this.#root as SchemaObject)[match[1]!];
    if (isObject(definitions) && Object.hasOwn(definitions, name)) return definitions[name];
    return refuse(path, `refers to ${JSON.stringify(reference)}, which the schema does not have.`);
  }

  #alternatives(schemas: unknown, keyword: "anyOf" | "oneOf", path: string): Expression {
    if (!Array.isArray(schemas) || schemas.length === 0)
      refuse(`${path}/${keyword}`, `is a list of at least one schema, got ${JSON.stringify(schemas)}.`);
    const options = schemas.map((schema, index) => this.compile(schema, `${path}/${keyword}/${index}`));
    if (keyword === "oneOf") this.#checkDisjoint(schemas, `${path}/oneOf`);
    return this.text.expressions.choice(...options);
  }

  #checkDisjoint(schemas: readonly unknown[], path: string): void {
    for (const [index, schema] of schemas.entries()) {
      const other = schemas
        .slice(0, index)
        .findIndex((each) => !areDisjoint(each, schema, (reference) => this.#resolve(reference, path)));
      if (other === -1) continue;
      refuse(
        path,
        `may have values of both ${other} and ${index}: give them different types or constants, or use anyOf.`,
      );
    }
  }

  #values(values: unknown, types: readonly JsonType[] | undefined, path: string): Expression {
    if (!Array.isArray(values) || values.length === 0)
      refuse(path, `is a list of at least one value, got ${JSON.stringify(values)}.`);
    const fits = (value: unknown): boolean =>
      types === undefined || types.includes(typeOf(value)) || (typeof value === "number" && types.includes("number"));
    const texts = values.filter(fits).map((value) => this.#written(value, path));
    if (texts.length === 0) refuse(path, `has no value of the type beside it.`);
    return textTree(this.text.expressions, texts);
  }

  #written(value: unknown, path: string): string {
    // Halves of surrogate pairs come out escaped.
    return JSON.stringify(value, (_, part: unknown) => {
      if (["undefined", "function", "symbol", "bigint"].includes(typeof part))
        refuse(path, `has a value of the type ${typeof part}, which JSON cannot write.`);
      if (typeof part === "number" && !Number.isFinite(part)) refuse(path, `has ${part}, which JSON cannot write.`);
      return part;
    });
  }
}
