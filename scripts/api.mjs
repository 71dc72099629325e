// The public surface of each package that is published: every name that can be imported, with its whole declaration, in the package's api.md.
//
//   npm run api               says what differs from the sources, and exits with 1 when something does
//   npm run api -- --accept   writes the reports anew
//
// The tests compare, too: whoever changes the surface sees it, and so does everyone who reads the change.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { differences } from "./api/differences.mjs";
import { apiReports } from "./api/report.mjs";
import { publishable } from "./packages/pack.mjs";

/** What differs between the reports and the sources, one text for each package where something does. */
export function checkApi(root) {
  return apiReports(root, publishable(root)).flatMap(({ folder, text }) => {
    const path = `${folder}/api.md`;
    if (!existsSync(join(root, path))) return [`${path} is missing. \`npm run api -- --accept\` writes it.`];
    const changes = differences(readFileSync(join(root, path), "utf8"), text);
    if (changes.length === 0) return [];
    const advice = "If that is meant, run `npm run api -- --accept`, and say so in a changeset.";
    return [`The public surface is no longer what ${path} says:\n${changes.join("\n")}\n${advice}`];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  if (process.argv.includes("--accept")) {
    for (const { folder, text } of apiReports(root, publishable(root)))
      writeFileSync(join(root, folder, "api.md"), text);
  } else {
    const problems = checkApi(root);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
  }
}
