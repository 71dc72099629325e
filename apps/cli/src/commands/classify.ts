import { ConfigError } from "@tenon/tensor";
import type { Encoding } from "@tenon/tokenizers";
import type { Command } from "commander";

import { classifyText, classifyTokens } from "../classification/classify-text.ts";
import { isHuggingFace, readPrompt } from "../generation/prompt.ts";
import { addExamples } from "../help.ts";
import { modelForms } from "../model/any-model.ts";
import { type LoadedEncoder, loadEncoder } from "../model/load-kind.ts";
import { addBackendOption } from "../options/backend.ts";
import { someText } from "../options/values.ts";
import { bar } from "../output/bar.ts";
import { percent } from "../output/numbers.ts";
import { table } from "../output/table.ts";
import type { Session } from "../session.ts";

interface ClassifyFlags {
  readonly model: string;
  readonly pair?: string;
  readonly json?: true;
}

const description =
  "Tells the class of a text, or of each token in it, with an encoder that was trained to: its mood, its language, whether one text follows from another " +
  "(--pair), or which words are names.";

/** Adds `tenon classify`. */
export function addClassifyCommand(program: Command, session: Session): Command {
  const command = program.command("classify").summary("tell the class of a text").description(description);
  command
    .argument("[text]", "the text (default: what is piped in)")
    .requiredOption("--model <name>", modelForms, someText("--model"))
    .option("--pair <text>", "a second text, for a model that judges two")
    .option("--json", "one JSON object");
  addBackendOption(command, session);
  addExamples(command, session.command, [
    {
      does: "is it praise?",
      line: 'classify "What a lovely story!" --model distilbert/distilbert-base-uncased-finetuned-sst-2-english',
    },
    { does: "who and where?", line: 'classify "Mia lives in Oslo." --model dslim/bert-base-NER --json' },
  ]);
  return command.action(async (text: string | undefined, flags: ClassifyFlags) => classify(text, flags, session));
}

async function classify(
  given: string | undefined,
  { model: name, pair, json }: ClassifyFlags,
  session: Session,
): Promise<void> {
  const { stdout } = session;
  const text = await readPrompt(given, session);
  if (text === undefined) throw new ConfigError("there is no text to classify. Give one, or pipe it in.");
  const loaded = await loadEncoder(name, session, "tells no classes");
  const encoding = encodingOf(loaded, text, pair);
  const head = loaded.model.spec.head?.kind;
  if (head === "token-classification") {
    if (loaded.pretrained?.architecture.endsWith("ForQuestionAnswering") === true)
      throw new ConfigError(`${loaded.path} finds answers in a text, for which there is no command yet.`, {
        path: loaded.path,
      });
    const tokens = await classifyTokens(loaded, encoding, text);
    if (json) await stdout.json({ model: loaded.path, text, tokens });
    else
      await stdout.line(
        table(
          [{ title: "token" }, { title: "class" }, { title: "", align: "right" }],
          tokens.map((token) => [token.text, token.label, percent(token.score)]),
        ),
      );
    return;
  }
  if (head !== "classification") {
    throw new ConfigError(
      `${loaded.path} ends in a head of the kind "${head ?? "masked-language"}" and tells no classes. Name a model that was trained as a classifier.`,
      { path: loaded.path },
    );
  }
  const classes = await classifyText(loaded, encoding);
  if (json) return stdout.json({ model: loaded.path, text, ...(pair !== undefined && { pair }), classes });
  const isNumber = classes.length === 1;
  await stdout.line(
    table(
      [{ title: "class" }, { title: isNumber ? "score" : "probability", align: "right" }, { title: "" }],
      classes.map(({ label, score }) => [
        label,
        isNumber ? score.toFixed(4) : percent(score),
        isNumber ? "" : bar(score, 20),
      ]),
    ),
  );
}

function encodingOf({ path, tokenizer, model }: LoadedEncoder, text: string, pair: string | undefined): Encoding {
  if (!isHuggingFace(tokenizer))
    throw new ConfigError(
      `${path} is a model of \`tenon train\`, which trains no classifiers yet. Name one of Hugging Face's.`,
      { path },
    );
  const encoding = tokenizer.encoding(pair === undefined ? text : [text, pair]);
  if (encoding.ids.length <= model.context) return encoding;
  throw new ConfigError(
    `the text has ${encoding.ids.length} tokens, but the model's context holds ${model.context}. Shorten it by ${encoding.ids.length - model.context} tokens.`,
    { tokens: encoding.ids.length, context: model.context },
  );
}
