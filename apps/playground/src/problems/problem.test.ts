import { BackendError } from "@tenon/tensor";
import { beforeEach, expect, test } from "vitest";

import { messageOf } from "./message-of.ts";
import { attempt, dismiss, problems, report, reportedBefore } from "./problem.ts";

beforeEach(() => problems.value.forEach(dismiss));

test("what went wrong is said once, the latest first, until it is put away", async () => {
  report("One", new Error("why"));
  report("Two", "as a text");
  report("One", new Error("why"));
  expect(problems.value).toEqual([
    { title: "One", message: "why" },
    { title: "Two", message: "as a text" },
  ]);
  dismiss(problems.value[0]!);
  expect(problems.value.map(({ title }) => title)).toEqual(["Two"]);
  expect(await attempt("Three", () => Promise.reject(new Error("no")))).toBeUndefined();
  expect(problems.value[0]).toEqual({ title: "Three", message: "no" });
  await attempt("Four", () => Promise.reject(Object.assign(new Error("the worker ended"), { name: reportedBefore })));
  expect(problems.value[0]).toEqual({ title: "Three", message: "no" });
});

test.each([
  new TypeError("Failed to fetch"), // Chromium
  new TypeError("Failed to fetch dynamically imported module: https://host/assets/run-view.js"),
  new TypeError("NetworkError when attempting to fetch resource."), // Firefox
  new TypeError("error loading dynamically imported module: https://host/assets/run-view.js"),
  new TypeError("Load failed"), // Safari
  new TypeError("Importing a module script failed."),
  new Error("Unable to preload CSS for /assets/run-view.css"), // Vite
])("%o: a file was not loaded", (error) => {
  expect(messageOf(error)).toBe(
    "A file of this page could not be loaded. Look whether you are online, and reload the page.",
  );
});

test.each([
  new RangeError("Array buffer allocation failed"), // Chromium
  new RangeError("Invalid typed array length: 99999999999"),
  new RangeError("WebAssembly.Memory(): could not allocate memory"),
  new RangeError("WebAssembly.Memory.grow(): Unable to grow instance memory"),
  new BackendError("wasm: out of memory: 2048.0 MiB more were asked for"),
])("%o: there was no memory", (error) => {
  expect(messageOf(error)).toMatch(/^The browser gave no more memory\. .* take a smaller model/);
});

test("other errors speak for themselves", () => {
  expect(messageOf(new RangeError("layers must be 1 or more"))).toBe("layers must be 1 or more");
  expect(messageOf("a text")).toBe("a text");
});
