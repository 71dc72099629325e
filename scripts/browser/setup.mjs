// Vitest runs this before the tests in the browser, and only when there are such tests to run.
import { findChromium } from "./chromium.mjs";

/** Sees to it that there is a Chromium. Throws where none can be had. */
export function setup({ config }) {
  findChromium(config.root);
}
