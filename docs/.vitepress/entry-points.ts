import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One of the names by which a package is imported. */
export interface EntryPoint {
  /** `@tenon/embeddings/static` */
  readonly name: string;
  /** The file whose exports these are. */
  readonly source: string;
}

const packages = fileURLToPath(new URL("../../packages", import.meta.url));

/** What packages offer in `exports`, in order. The `testing` ones are for the tests of this repository, and no part of what is promised. */
export const entryPoints: readonly EntryPoint[] = readdirSync(packages)
  .flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(`${packages}/${folder}/package.json`, "utf8")) as {
      name: string;
      exports: Record<string, string | { "@tenon/source": string }>;
    };
    return Object.entries(exports).flatMap(([path, target]) =>
      typeof target === "string" || path === "./testing"
        ? []
        : [{ name: name + path.slice(1), source: `${packages}/${folder}/${target["@tenon/source"].slice(2)}` }],
    );
  })
  .sort((a, b) => (a.name < b.name ? -1 : 1));
