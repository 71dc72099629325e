// Vitest runs this once before the tests of the page, and only when there are such tests to run.
import { fileURLToPath } from "node:url";

import { findChromium } from "../../../../scripts/browser/chromium.mjs";
import { servePage } from "./serve-page.mjs";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Provides `chromium`, how to start it, and `page`, the address of the built page on a host that sends the headers for threads. */
export async function setup(project) {
  const { program, env } = findChromium(root);
  const { url, close } = await servePage();
  project.provide("chromium", { program, env });
  project.provide("page", url);
  return close;
}
