import { expect, test } from "vitest";

import { dropped, droppedFolder, golden, wordsFile } from "../../testing/dropped.ts";
import { Turns } from "../../workers/turns.ts";
import { Models } from "../models.ts";
import { Running } from "../running.ts";
import { Generation } from "./generation.ts";
import { usualSettings } from "./sampling-settings.ts";

test("a model of conversations is asked by its template, and what it says by special tokens is not shown", async () => {
  const template = "{% for m in messages %}{{ m.role }} said {{ m.content }} </s>{% endfor %} it said";
  const words = ["user", "said", "mia", "ran", "it"];
  const files = await droppedFolder(golden("llama"), { "tokenizer.json": wordsFile(words) });
  const config = JSON.stringify({ chat_template: template, eos_token: "</s>", unk_token: "<unk>" });
  const turns = new Turns();
  const models = new Models(turns);
  await models.open({ kind: "files", files: [...files, dropped("llama/tokenizer_config.json", config)] }, "cpu");
  const generation = new Generation(models, new Running(turns));
  const settings = { ...usualSettings, temperature: 2.5, seed: 1 };
  let ids: readonly number[] = [];
  const shown = new Map<number, string>();
  await generation.start({ from: { kind: "chat", text: "mia ran" }, settings, maxTokens: 40 }, (event) => {
    if (event.kind === "begun") ({ ids } = event);
    else for (const { id, text } of event.tokens) shown.set(id, text);
  });
  // </s> is 0, <unk> 1, and the words follow.
  expect(ids).toEqual([2, 3, 4, 5, 0, 6, 3]);
  expect(shown.get(1)).toBe("");
  expect([...shown.keys()].filter((id) => id > 1).length).toBeGreaterThan(1);
  for (const [id, text] of shown) if (id > 1) expect(text.trim()).toBe(words[id - 2]);
});
