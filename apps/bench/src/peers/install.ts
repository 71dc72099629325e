import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { peersFolder, peerVersions } from "./peer-packages.ts";

/** Thrown where the peers are not installed and cannot be. */
export class InstallFailed extends Error {
  override readonly name = "InstallFailed";
}

/** Installs the peers where they are not there in the versions that their `package.json` names. Says so with `say`. */
export function installPeers(say: (text: string) => void): void {
  const missing = Object.entries(peerVersions()).filter(([name, version]) => installed(name) !== version);
  if (missing.length === 0) return;
  const folder = fileURLToPath(peersFolder);
  say(`Installing the libraries to compare with into ${folder}node_modules (about 1 GB): this happens once.`);
  // Without scripts, for some of them download from elsewhere; what is measured here comes with the packages.
  const words = [
    "ci",
    "--package-lock",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=2000",
  ];
  const { status, error } = spawnSync("npm", words, {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (error !== undefined || status !== 0)
    throw new InstallFailed(
      `the libraries to compare with could not be installed (${error?.message ?? `npm ended with exit code ${status}`}). ` +
        `It needs a network and npm; what npm said is above. Try again with a network, or run \`npm ${words.join(" ")}\` in ${folder} yourself. ` +
        `Tenon alone needs none of them: \`npm run bench -- peers --peers tenon,loops\`.`,
    );
}

/** The version of a package that is installed for the peers; undefined where there is none. */
function installed(name: string): string | undefined {
  const file = new URL(`node_modules/${name}/package.json`, peersFolder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version : undefined;
}
