import { expect, test } from "vitest";

import { type Listing, parseListing, printListing, sumOf } from "./listing.ts";

const small = { path: "config.json", size: 2, gitSum: "a".repeat(40), sha256: undefined, xetHash: undefined };
const large = {
  ...small,
  path: "1_Dense/model.safetensors",
  size: 1e10,
  sha256: "b".repeat(64),
  xetHash: "c".repeat(64),
};

test("a listing that is printed is read again", () => {
  const listing: Listing = new Map([small, large].map((file) => [file.path, file]));
  expect(parseListing(printListing(listing))).toEqual(listing);
  expect([sumOf(small), sumOf(large)]).toEqual([small.gitSum, large.sha256]);
});

test("what is no listing counts as none, above all sums that are paths", () => {
  const file = { size: 2, blob_id: "a".repeat(40) };
  const printed = (one: unknown, format_version = 1): string =>
    JSON.stringify({ format_version, files: { "config.json": one } });
  expect(parseListing(printed(file))?.get("config.json")).toEqual(small);
  const wrong = [
    "",
    "[]",
    "null",
    '{"format_version": 1}',
    '{"format_version": 1, "files": null}',
    printed(file, 2),
    printed(null),
    printed({ ...file, size: -1 }),
    printed({ ...file, size: 0.5 }),
    printed({ ...file, size: "2" }),
    printed({ ...file, blob_id: "../../../../etc/passwd" }),
    printed({ ...file, blob_id: undefined }),
    printed({ ...file, lfs_sha256: `../${"b".repeat(61)}` }),
  ];
  for (const text of wrong) expect(parseListing(text), text).toBeUndefined();
});
