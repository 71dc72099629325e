// Writes the versions of package.json into the sources that say them: `npm run version-packages` does it after changesets has set them.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { publishable } from "./packages/pack.mjs";

/** Rewrites each `src/version.ts`; returns the packages that have one. */
export function stampVersions(root) {
  return publishable(root).filter(({ folder, version }) => {
    const path = join(root, folder, "src/version.ts");
    if (!existsSync(path)) return false;
    const says =
      "/** The version of this package, as its package.json says: `npm run version-packages` writes both. */";
    writeFileSync(path, `${says}\nexport const version: string = "${version}";\n`);
    return true;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) stampVersions(fileURLToPath(new URL("..", import.meta.url)));
