import { expect, test } from "vitest";

import { whyNotHere } from "./why-not-here.ts";

test("a model that a page has no room for says so with the numbers", () => {
  expect(whyNotHere({ kind: "decoder" }, 774_030_080)).toBeUndefined();
  expect(whyNotHere({ kind: "decoder" }, 1_235_814_400)).toBe(
    "Its parameters take 4.6 GiB as f32, and a page has room for about 3 GiB. Here it can be looked at, and run from its files with weights of 16 bits, which take 2.3 GiB; but it can be neither trained nor run as it begins.",
  );
  expect(whyNotHere({ kind: "decoder" }, 6_738_415_616)).toBe(
    "Its parameters take 25.1 GiB as f32, and a page has room for about 3 GiB. Here it can be looked at, but neither trained nor run.",
  );
});

test("models of images are for looking at", () => {
  expect(whyNotHere({ kind: "image-encoder" }, 10)).toBe(
    "This is a model of images; this page trains and runs models of text.",
  );
});
