import { expect, test } from "vitest";
import { withArticle } from "./article.ts";

test("the article follows the sound at the front of the phrase", () => {
  expect(["orange kite", "old tree", "apple", "umbrella", "red ball", "young owl"].map(withArticle)).toEqual([
    "an orange kite",
    "an old tree",
    "an apple",
    "an umbrella",
    "a red ball",
    "a young owl",
  ]);
});
