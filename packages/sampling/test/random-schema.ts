import type { Random } from "@tenon/tensor";

type Schema = boolean | Readonly<Record<string, unknown>>;

const names = ["a", "b", "name", "size", 'q"uote', "ключ", "back\\slash", "next"];
const values = [null, true, false, 0, 7, -3, 1.5, "", "red", 'say "hi"', "naïve ☃", [1, "x"], { k: [] }];
const patterns = ["^[a-c]+$", "^\\d{2,4}", "x|y$", '^(?:[^"]|\\s){0,3}$', "^.{1,2}$", "^[A-Z]\\\\?$", "\\w-"];

/** A schema at random, of everything that `jsonSchema` supports; `#/$defs/self` may occur in it, and `depth` keeps it small. */
function randomSchema(dice: Random, depth: number): Schema {
  const inner = (): Schema => randomSchema(dice, depth - 1);
  const maybe = <T>(value: () => T): T | undefined => (dice.integer(2) === 0 ? value() : undefined);
  const some = (): number => dice.integer(4);
  const leaves: (() => Schema)[] = [
    () => ({ type: "null" }),
    () => ({ type: "boolean", title: "a switch" }),
    () => ({ type: "number" }),
    () => ({
      type: "integer",
      minimum: maybe(() => dice.integer(300) - 150),
      maximum: maybe(() => 150 + dice.integer(2000)),
    }),
    () => ({ type: "integer", exclusiveMinimum: dice.integer(9) - 9.5, exclusiveMaximum: 1 + dice.integer(1000) }),
    () => ({ type: "string", minLength: maybe(some), maxLength: maybe(() => 3 + some()) }),
    () => ({ type: "string", pattern: dice.pick(patterns) }),
    () => ({ type: "string", format: dice.pick(["date", "time", "date-time", "uuid", "email"]) }),
    () => ({ enum: Array.from({ length: 1 + some() }, () => dice.pick(values)) }),
    () => ({ const: dice.pick(values) }),
    () => ({ type: ["null", "string", "integer"], maxLength: 5, minimum: -10 }),
  ];
  const nodes: (() => Schema)[] = [
    () => {
      const properties = Object.fromEntries(Array.from({ length: some() }, () => [dice.pick(names), inner()] as const));
      const required = Object.keys(properties).filter(() => dice.integer(2) === 0);
      const additionalProperties = dice.integer(3) === 0 ? inner() : false;
      return { type: "object", properties, required, additionalProperties };
    },
    () => ({
      type: "array",
      items: inner(),
      minItems: maybe(() => dice.integer(3)),
      maxItems: maybe(() => 2 + some()),
    }),
    () => {
      const prefixItems = Array.from({ length: 1 + some() }, inner);
      const items = dice.integer(2) === 0 ? false : inner();
      return { type: "array", prefixItems, items, minItems: maybe(() => dice.integer(prefixItems.length + 1)) };
    },
    () => ({ anyOf: Array.from({ length: 1 + some() }, inner) }),
    () => ({
      oneOf: [{ type: "string", maxLength: 3 }, { type: "array", items: inner() }, { const: 4 }, { enum: [5, null] }],
    }),
    () => ({ anyOf: [{ type: "null" }, { $ref: "#/$defs/self" }] }),
    () => ({ type: "array", items: { $ref: "#/$defs/self" }, maxItems: 2 }),
    () => true,
  ];
  return dice.pick(depth > 0 ? [...nodes, ...leaves.slice(3)] : leaves)();
}

/** A whole schema: the random one, and a definition that may hold itself. */
export function randomRoot(dice: Random): Readonly<Record<string, unknown>> {
  const self = {
    type: "object",
    properties: { value: randomSchema(dice, 0), next: { $ref: "#/$defs/self" } },
    required: ["value"],
    additionalProperties: false,
  };
  const schema = randomSchema(dice, 3);
  return clean({ ...(typeof schema === "boolean" ? {} : schema), $defs: { self } });
}

/** Without what is undefined: a schema is JSON. */
function clean<T>(schema: T): T {
  return JSON.parse(JSON.stringify(schema)) as T;
}
