import type { Command } from "commander";

import { bytesOf, linesOf } from "../embedding/lines.ts";
import { addExamples } from "../help.ts";
import { Interrupted, interruptible } from "../interrupt.ts";
import { modelForms } from "../model/any-model.ts";
import { loadTranslator } from "../model/load-kind.ts";
import { addBackendOption } from "../options/backend.ts";
import { addTranslationOptions, type TranslationFlags } from "../options/translation.ts";
import { someText } from "../options/values.ts";
import type { Session } from "../session.ts";
import { translateText } from "../translation/translate-text.ts";

interface TranslateFlags extends TranslationFlags {
  readonly model: string;
  readonly json?: true;
}

const description =
  "Writes one text for another with an encoder–decoder: a translation, a summary, whatever it was trained to. Beam search finds the likeliest one; beams, lengths " +
  "and penalties are those that the model's authors chose, unless you say otherwise.";

/** Adds `tenon translate`. */
export function addTranslateCommand(program: Command, session: Session): Command {
  const command = program.command("translate").summary("write one text for another").description(description);
  command
    .argument("[text]", "the text (default: each line that is piped in)")
    .requiredOption("--model <name>", modelForms, someText("--model"))
    .option("--json", "a JSON object for each text");
  addBackendOption(addTranslationOptions(command), session);
  addExamples(command, session.command, [
    { does: "from English into German", line: 'translate "The fox ran home." --model Helsinki-NLP/opus-mt-en-de' },
    {
      does: "T5 is told what to do",
      line: 'translate "The fox ran home." --model google-t5/t5-small --prefix "translate English to German: "',
    },
  ]);
  return command.action(async (text: string | undefined, flags: TranslateFlags) => translate(text, flags, session));
}

async function translate(
  given: string | undefined,
  { model: name, prefix = "", json, ...options }: TranslateFlags,
  session: Session,
): Promise<void> {
  const { stdin, stdout } = session;
  const loaded = await loadTranslator(name, session);
  const interrupted = await interruptible(async (interrupt) => {
    const signal = AbortSignal.any([interrupt, stdout.closed]);
    try {
      for await (const text of given === undefined
        ? linesOf(bytesOf(undefined, stdin), "the text from stdin")
        : [given]) {
        const { text: translation, ...cost } = await translateText(loaded, prefix + text, { ...options, signal });
        await (json ? stdout.json({ model: loaded.path, text, translation, ...cost }) : stdout.line(translation));
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return interrupt.aborted;
  });
  if (interrupted) throw new Interrupted();
}
