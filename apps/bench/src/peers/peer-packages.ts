import { readFileSync } from "node:fs";

/** Where the peers are: a package of its own, outside of the workspace. */
export const peersFolder: URL = new URL("../../peers/", import.meta.url);

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The exact versions that `peers/package.json` asks for. */
export function peerVersions(): Readonly<Record<string, string>> {
  return (JSON.parse(readFileSync(new URL("package.json", peersFolder), "utf8")) as Manifest).dependencies;
}

/** Imports a peer, or one of its files. `T` is what this benchmark uses of it. */
export async function loadPeer<T>(specifier: string): Promise<T> {
  const { load } = (await import(new URL("load.mjs", peersFolder).href)) as { load: (specifier: string) => Promise<T> };
  return load(specifier);
}
