import { wordTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { fillingsIn } from "./sample-gaps.ts";

const special = { begin: "<s>", end: "</s>", gap0: "<extra_id_0>", gap1: "<extra_id_1>", gap2: "<extra_id_2>" };
const tokenizer = wordTokenizer("Mia ran home", { special });
const ids = (names: string): number[] => names.split(" ").map((name) => tokenizer.id(name)!);

test("what stands behind a sentinel, up to the next, fills its gap; one that never came fills none", () => {
  const sentinels = ids("<extra_id_0> <extra_id_1> <extra_id_2>");
  const said = ids("<extra_id_0> Mia ran <extra_id_2> home </s>");
  expect(fillingsIn(said, sentinels, tokenizer)).toEqual(["Mia ran", undefined, "home"]);
  expect(fillingsIn(ids("home <extra_id_1> <extra_id_0>"), sentinels, tokenizer)).toEqual(["", "", undefined]);
});
