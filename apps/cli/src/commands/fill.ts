import { ConfigError } from "@tenon/tensor";
import type { Command } from "commander";

import { fillingTable } from "../filling/filling-table.ts";
import { maskOf } from "../filling/mask-of.ts";
import { encodeText } from "../generation/prompt.ts";
import { addExamples } from "../help.ts";
import { modelForms } from "../model/any-model.ts";
import { expectHead } from "../model/expect-head.ts";
import { loadEncoder } from "../model/load-kind.ts";
import { pretrainedPackage } from "../model/pretrained-package.ts";
import { shippedModel } from "../model/shipped.ts";
import { someText, wholeNumber } from "../options/values.ts";
import { addBackendOption } from "../options/backend.ts";
import type { Session } from "../session.ts";

interface FillFlags {
  readonly model?: string;
  readonly top: number;
  readonly json?: true;
}

const description =
  "Fills in masked words with an encoder: for each [MASK] in a text, the words that fit best, with their probabilities. Unlike a " +
  "decoder, an encoder looks at the words before and after. Several masks are filled independently of each other.";

/** Adds `tenon fill`. */
export function addFillCommand(program: Command, session: Session): Command {
  const command = program.command("fill").summary("fill in masked words").description(description);
  command
    .argument("<text>", "a text with at least one [MASK] in it")
    .option("--model <name>", `${modelForms} (default: the story encoder that comes with Tenon)`, someText("--model"))
    .option("--top <n>", "how many words to show for each mask", wholeNumber("--top", { from: 1 }), 5)
    .option("--json", "one JSON object");
  addBackendOption(command, session);
  addExamples(command, session.command, [
    { does: "what did he do?", line: 'fill "Tom lost his ball, so he began to [MASK]."' },
    { does: "two words, three proposals each", line: 'fill "The [MASK] was very [MASK]." --top 3' },
    {
      does: "with BERT, from the Hub",
      line: 'fill "The capital of France is [MASK]." --model google-bert/bert-base-uncased',
    },
    {
      does: "with a model of yours, for another program",
      line: 'fill "The [MASK] ran home." --model tenon-encoder --json',
    },
  ]);
  return command.action(async (text: string, flags: FillFlags) => fill(text, flags, session));
}

async function fill(text: string, { model: path, top, json }: FillFlags, session: Session): Promise<void> {
  const { stdout } = session;
  const loaded = await loadEncoder(path ?? shippedModel("story-encoder"), session, "fills in nothing");
  const { model, tokenizer } = loaded;
  const mask = maskOf(tokenizer, loaded.path);
  const ids = encodeText(text, tokenizer, model.context, "the text", true);
  expectHead(loaded, "masked-language", "fills in no words");
  if (!ids.includes(mask)) {
    const name = tokenizer.token(mask);
    throw new ConfigError(
      `there is no ${name} in the text, so there is nothing to fill in. Write ${name} in place of a word.`,
    );
  }
  const filling = await (await pretrainedPackage()).fillMasks(model, tokenizer, ids, { top });
  if (json) await stdout.json({ model: loaded.path, text, filled: filling.text, masks: filling.masks });
  else await stdout.line(`${fillingTable(filling)}\n\n${stdout.style("bold", filling.text)}`);
}
