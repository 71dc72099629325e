// Remembers what the last successful install was made from, so that the next command can skip it: a stamp inside node_modules, which
// goes when node_modules goes.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const stampPath = (root) => join(root, "node_modules", ".tenon-install");

export function isInstalled(root) {
  return existsSync(stampPath(root)) && readFileSync(stampPath(root), "utf8") === fingerprint(root);
}

export function rememberInstall(root) {
  writeFileSync(stampPath(root), fingerprint(root));
}

export function forgetInstall(root) {
  rmSync(stampPath(root), { force: true });
}

/** A hash of all that decides what an install writes, and of the machine it writes for. */
function fingerprint(root) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  const files = [
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    ".npmrc",
    ...packageFolders(root).map((folder) => join(folder, "package.json")),
  ];
  for (const file of files) {
    hash.update(`${file}\n`);
    if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

/** The folders that pnpm-workspace.yaml names. */
function packageFolders(root) {
  const inside = (parent) => (existsSync(join(root, parent)) ? readdirSync(join(root, parent)).sort() : []);
  return [".", ...["packages", "apps"].flatMap((parent) => inside(parent).map((name) => join(parent, name))), "docs"];
}
