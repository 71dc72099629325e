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
  const shown: number[] = [];
  let text = "";
  await generation.start({ from: { kind: "chat", text: "mia ran" }, settings, maxTokens: 40 }, (event) => {
    if (event.kind === "begun") ({ ids } = event);
    else
      for (const token of event.tokens) {
        shown.push(token.id);
        text += token.text;
      }
  });
  // </s> is 0, <unk> 1, and the words follow.
  expect(ids).toEqual([2, 3, 4, 5, 0, 6, 3]);
  expect(shown).toContain(1);
  expect(text.trim().split(/\s+/)).toEqual(shown.filter((id) => id > 1).map((id) => words[id - 2]));
});
