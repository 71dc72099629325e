// From changesets to published packages. docs/release.md says who does what.
//
//   npm run release -- --dry-run   rehearses all of it on a copy of the last commit: versions, build, packages, publishing that publishes nothing
//   npm run release                publishes what is not published yet, with provenance, and tags it; in continuous integration alone
//
// It exits with 1 when anything is wrong.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { pnpm, publishable } from "./packages/pack.mjs";

const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
const root = fileURLToPath(new URL("..", import.meta.url));
const publish = ["-r", "--filter", "./packages/*", "publish", "--provenance", "--no-git-checks"];

try {
  if (values["dry-run"]) rehearse();
  else release();
} catch (error) {
  console.error(`${error.message}\n${error.stdout ?? ""}${error.stderr ?? ""}`);
  process.exitCode = 1;
}

/** A release on a copy that is thrown away. */
function rehearse() {
  const copy = mkdtempSync(join(tmpdir(), "tenon-release-"));
  const npm = (...args) => step(`npm ${args.join(" ")}`, () => show(copy, "npm", args));
  try {
    step("a copy of the last commit", () =>
      execFileSync("git", ["clone", "--quiet", "--depth", "1", `file://${root}`, copy]),
    );
    const before = new Map(publishable(copy).map(({ name, version }) => [name, version]));
    const changes = changesets(copy);
    if (changes === 0)
      throw new Error("There is no changeset, so there is nothing to release: `npm run changeset` writes one.");
    npm("run", "version-packages");
    if (changesets(copy) > 0) throw new Error("changesets are left after `npm run version-packages`");
    npm("test", "--", "--project", "node", "scripts/api.test.mjs", "copies.test.ts");
    npm("run", "packages");
    step("pnpm publish, which publishes nothing", () => pnpm(copy, [...publish, "--dry-run"]));
    for (const { name, version } of publishable(copy)) {
      const old = before.get(name);
      console.log(`${name.padEnd(26)} ${old === version ? `stays ${old}` : `${old} → ${version}`}`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What a person's machine must not do: only continuous integration can prove where a package was built. */
function release() {
  const { CI, ACTIONS_ID_TOKEN_REQUEST_URL, SIGSTORE_ID_TOKEN } = process.env;
  if (!CI || !(ACTIONS_ID_TOKEN_REQUEST_URL ?? SIGSTORE_ID_TOKEN))
    throw new Error(
      "Packages are published by continuous integration, which proves where they were built; here is none that gives an identity (OIDC). " +
        "`npm run release -- --dry-run` rehearses it. docs/release.md says more.",
    );
  if (changesets(root) > 0)
    throw new Error(
      "There are changesets left: `npm run version-packages` comes first, and is committed. docs/release.md says more.",
    );
  show(root, "npm", ["run", "packages"]);
  console.log(pnpm(root, publish));
  show(root, "npm", ["run", "changeset", "--", "tag"]);
}

function changesets(folder) {
  return readdirSync(join(folder, ".changeset")).filter((name) => name.endsWith(".md")).length;
}

function show(cwd, program, args) {
  execFileSync(program, args, {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    shell: process.platform === "win32",
  });
}

function step(title, body) {
  const began = performance.now();
  body();
  console.log(`${title}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
