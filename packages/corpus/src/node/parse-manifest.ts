import { sha256, sorted } from "./identity.ts";
import type { CorpusManifest } from "./manifest.ts";

/** A manifest as the text of a file, with the checksum of all that is in it. */
export function printManifest(manifest: CorpusManifest): string {
  return `${JSON.stringify({ ...manifest, sha256: sha256(sorted(manifest)) }, undefined, 2)}\n`;
}

/** The manifest in a text, or undefined if it is not what was written: damaged, cut off or edited. */
export function parseManifest(text: string): CorpusManifest | undefined {
  try {
    const { sha256: sum, ...manifest } = JSON.parse(text) as CorpusManifest & { sha256: unknown };
    return sum === sha256(sorted(manifest)) ? manifest : undefined;
  } catch {
    return undefined;
  }
}
