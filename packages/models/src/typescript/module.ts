import { ConfigError } from "@tenon/tensor";

import { laidOut } from "./layout.ts";
import { code, Expression, expressionOf, statements, type Printable, type Use } from "./expression.ts";

/** A module as text: the imports that its body needs, those of the constants that it uses, and the body. */
export function moduleText(constants: Readonly<Record<string, Printable>>, body: readonly Expression[]): string {
  const uses = body.flatMap((each) => each.uses);
  const named = new Set(uses.filter(({ from }) => from === undefined).map(({ name }) => name));
  const needed = Object.entries(constants)
    .filter(([name]) => named.has(name))
    .map(([name, value]) => code`const ${new Expression(name)} = ${expressionOf(value)};`);
  const parts = [importsOf(uses), ...(needed.length > 0 ? [statements(needed)] : []), ...body];
  return `${parts.map(({ layout }) => laidOut(layout)).join("\n\n")}\n`;
}

/** One line for each package, by name. A name that is imported as a value is one as a type, too. Throws where two packages have one name. */
function importsOf(uses: readonly Use[]): Expression {
  const homes = new Map<string, { from: string; type: boolean }>();
  for (const { name, from, type = false } of uses) {
    if (from === undefined) continue;
    const known = homes.get(name);
    if (known !== undefined && known.from !== from) {
      throw new ConfigError(
        `toTypeScript: ${JSON.stringify(known.from)} and ${JSON.stringify(from)} both export ${name}, and one module cannot import both by that name; export one of them under another name`,
        { name },
      );
    }
    homes.set(name, { from, type: type && (known?.type ?? true) });
  }
  const packages = [...new Set([...homes.values()].map(({ from }) => from))].toSorted();
  return statements(
    packages.map((from) => {
      const names = [...homes]
        .filter(([, home]) => home.from === from)
        .toSorted(([a], [b]) => a.localeCompare(b, "en"))
        .map(([name, { type }]) => (type ? `type ${name}` : name));
      return new Expression(["import ", braces(names), ` from ${JSON.stringify(from)};`]);
    }),
  );
}

function braces(names: readonly string[]): Expression["layout"] {
  const separated = names.flatMap((name, i) => (i === 0 ? [name] : [{ flat: ", ", broken: "," }, name]));
  return {
    group: ["{", { indent: 2, inside: [{ flat: " ", broken: "" }, separated] }, { flat: " ", broken: "," }, "}"],
  };
}
