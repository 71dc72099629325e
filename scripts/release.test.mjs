// The part of a release that changes the repository, on a copy of what it reads and writes.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, expect, test } from "vitest";

import { publishable } from "./packages/pack.mjs";
import { stampVersions } from "./stamp-versions.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "tenon-release-test-"));
afterAll(() => rmSync(copy, { recursive: true }));

test("changesets become versions, changelogs, and constants in the sources", { timeout: 120_000 }, () => {
  const kept = [
    ...["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", ".npmrc", ".changeset"],
    ...globSync(["{packages,apps}/*/package.json", "docs/package.json", "packages/*/src/version.ts"], { cwd: root }),
  ];
  for (const path of kept) cpSync(join(root, path), join(copy, path), { recursive: true });
  const before = publishable(copy);
  const changed = readdirSync(join(copy, ".changeset"))
    .filter((name) => name.endsWith(".md"))
    .flatMap(
      (name) =>
        readFileSync(join(copy, ".changeset", name), "utf8")
          .split("---")[1]
          .match(/@tenon\/[\w-]+/g) ?? [],
    );

  // It calls pnpm, which must be on the PATH. Not by `pnpm exec`, which would install into the copy first.
  const changeset = [process.execPath, join(root, "node_modules/@changesets/cli/bin.js"), "version"];
  const { packageManager } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
  execFileSync("npx", ["--prefer-offline", "--yes", "--package", packageManager, "--", ...changeset], {
    cwd: copy,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  const stamped = stampVersions(copy).map(({ name }) => name);

  expect(stamped).toEqual(["@tenon/nn", "@tenon/tensor"]);
  expect(readdirSync(join(copy, ".changeset")).filter((name) => name.endsWith(".md"))).toEqual([]);
  for (const { folder, name, version } of publishable(copy)) {
    if (!changed.includes(name)) continue;
    expect(version, name).not.toBe(before.find((one) => one.name === name).version);
    expect(readFileSync(join(copy, folder, "CHANGELOG.md"), "utf8"), name).toContain(`\n## ${version}\n`);
    const says = join(copy, folder, "src/version.ts");
    if (existsSync(says)) expect(readFileSync(says, "utf8")).toContain(`version: string = "${version}";`);
  }
});

test("the stamp leaves what is right as it is", () => {
  const path = join(root, "packages/tensor/src/version.ts");
  const text = readFileSync(path, "utf8");
  stampVersions(root);
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("nothing is published from a person's machine", () => {
  const env = { ...process.env };
  for (const name of ["CI", "ACTIONS_ID_TOKEN_REQUEST_URL", "SIGSTORE_ID_TOKEN"]) delete env[name];
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/release.mjs")], {
    env,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("`npm run release -- --dry-run` rehearses it.");
});
