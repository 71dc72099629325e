// Makes the declaration files of all packages that are published, as a build would, but from sources and in a second: with
// isolatedDeclarations each file says all that its declarations need, so nothing is checked.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Hands the folder that holds the declarations to `use`, and removes it. `packages/nn/src/linear.ts` is there `nn/src/linear.d.ts`. */
export function withDeclarations(root, folders, use) {
  const folder = mkdtempSync(join(tmpdir(), "tenon-api-"));
  try {
    const config = {
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: {
        noCheck: true,
        composite: false,
        emitDeclarationOnly: true,
        declarationMap: false,
        sourceMap: false,
        resolveJsonModule: true,
        types: [],
        rootDir: join(root, "packages"),
        outDir: join(folder, "out"),
      },
      include: folders.map((each) => join(root, each, "src")),
      exclude: ["test", "browser"].map((kind) => join(root, `packages/**/*.${kind}.ts`)),
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    try {
      execFileSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      throw new Error(`The declarations could not be made:\n${error.stdout}${error.stderr}`, { cause: error });
    }
    return use(join(folder, "out"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
