// Tells a page without a build where the installed packages are.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

const conditions = ["browser", "import", "module", "default"];

/** The import map of all packages in a project's node_modules that are ES modules, as they lie below the address `/node_modules/`. */
export function importMap(project) {
  const imports = {};
  const scopes = {};
  for (const name of installed(project)) {
    const {
      exports,
      imports: own = {},
      module,
      main,
      type,
    } = JSON.parse(readFileSync(join(project, "node_modules", name, "package.json"), "utf8"));
    const at = (path) => `/${posix.join("node_modules", name, path)}`;
    const entries = exports ?? module ?? (type === "module" ? main : undefined);
    const isTable = typeof entries === "object" && Object.keys(entries).some((key) => key.startsWith("."));
    for (const [entry, target] of Object.entries(isTable ? entries : { ".": entries })) {
      const path = choose(target);
      if (path !== undefined && !entry.includes("*")) imports[posix.join(name, entry)] = at(path);
    }
    for (const [key, target] of Object.entries(own)) {
      const path = choose(target);
      if (path !== undefined) scopes[at("/")] = { ...scopes[at("/")], [key]: at(path) };
    }
  }
  return { imports, scopes };
}

function installed(project) {
  const folder = join(project, "node_modules");
  return readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(folder, name)).map((each) => `${name}/${each}`) : [name],
    )
    .filter((name) => existsSync(join(folder, name, "package.json")));
}

/** The file that a browser's conditions lead to. */
function choose(target) {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return target.map(choose).find(Boolean);
  if (target === null || target === undefined) return undefined;
  const key = Object.keys(target).find((each) => conditions.includes(each) && choose(target[each]) !== undefined);
  return key === undefined ? undefined : choose(target[key]);
}
