import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";

import { fileProblem, writeFileAtomically } from "@tenon/checkpoint/node";
import { ConfigError, isTenonError } from "@tenon/tensor";
import { bleu, chrf } from "@tenon/training";
import type { Command } from "commander";

import { addExamples } from "../help.ts";
import { Interrupted, interruptible } from "../interrupt.ts";
import { modelForms } from "../model/any-model.ts";
import { type LoadedTranslator, loadTranslator } from "../model/load-kind.ts";
import { addBackendOption } from "../options/backend.ts";
import { addTranslationOptions, type TranslationFlags } from "../options/translation.ts";
import { someText } from "../options/values.ts";
import { count, duration } from "../output/numbers.ts";
import { progress } from "../output/progress.ts";
import { readPairs } from "../run/data-source.ts";
import { Pace } from "../run/pace.ts";
import type { Session } from "../session.ts";
import { sourceIds, translateText } from "../translation/translate-text.ts";

interface EvaluateFlags extends TranslationFlags {
  readonly model: string;
  readonly source: string;
  readonly target: string;
  readonly out?: string;
  readonly json?: true;
}

const description =
  "Translates every line of a file, and scores what came against the translations in another: BLEU and chrF, the numbers that sacreBLEU 2.6.0 gives, with its signatures.";

/** Adds `tenon evaluate`. */
export function addEvaluateCommand(program: Command, session: Session): Command {
  const command = program.command("evaluate").summary("score a translator by BLEU and chrF").description(description);
  command
    .requiredOption("--model <name>", modelForms, someText("--model"))
    .requiredOption("--source <file>", "the texts to translate, one in each line", someText("--source"))
    .requiredOption("--target <file>", "a right translation of each", someText("--target"))
    .option("--out <file>", "write the translations there", someText("--out"))
    .option("--json", "the scores as a JSON object");
  addBackendOption(addTranslationOptions(command), session);
  addExamples(command, session.command, [
    {
      does: "a translator that you trained, on lines that it never saw",
      line: "evaluate --model translator --source test.en --target test.de --out test.translated.de",
    },
  ]);
  return command.action(async (flags: EvaluateFlags) => evaluate(flags, session));
}

async function evaluate(flags: EvaluateFlags, session: Session): Promise<void> {
  const { prefix = "", json, out, source, target, model: name, ...options } = flags;
  const { stdout, stderr } = session;
  const pairs = await readPairs({ source, target });
  if (out !== undefined) await expectWritable(out);
  const loaded = await loadTranslator(name, session);
  // Before the hours that translating may take.
  for (const [i, pair] of pairs.entries()) expectReadable(loaded, prefix + pair.source, `line ${i + 1} of ${source}`);
  const shown = progress(stderr, pairs.length);
  const pace = new Pace(0, pairs.length);
  const translations: string[] = [];
  const interrupted = await interruptible(async (interrupt) => {
    try {
      for (const { source: text } of pairs) {
        const { text: translation } = await translateText(loaded, prefix + text, { ...options, signal: interrupt });
        translations.push(translation);
        await shown.update(translations.length, `${duration(pace.secondsLeft(translations.length))} left`);
      }
    } catch (error) {
      if (!interrupt.aborted) throw error;
    } finally {
      shown.stop();
    }
    return interrupt.aborted;
  });
  if (interrupted) throw new Interrupted(`Stopped after ${count(translations.length)} lines; nothing was scored.`);
  if (out !== undefined) await writeFileAtomically(out, new TextEncoder().encode(`${translations.join("\n")}\n`));
  const references = pairs.map((pair) => pair.target);
  const scores = [bleu(translations, references), chrf(translations, references)] as const;
  if (json) {
    const [ofBleu, ofChrf] = scores;
    const tell = ({ score, signature }: { readonly score: number; readonly signature: string }): object => ({
      score,
      signature,
    });
    await stdout.json({
      model: loaded.path,
      lines: pairs.length,
      bleu: tell(ofBleu),
      chrf: tell(ofChrf),
      seconds: pace.secondsSoFar(),
    });
    return;
  }
  for (const score of scores) await stdout.line(`${String(score)}  ${score.signature}`);
  await stderr.line(`${count(pairs.length)} lines in ${duration(pace.secondsSoFar())}`);
}

function expectReadable(loaded: LoadedTranslator, text: string, place: string): void {
  try {
    sourceIds(loaded, text);
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    throw new ConfigError(`${place}: ${error.message}`, error.fields, { cause: error });
  }
}

async function expectWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw fileProblem(error, path, "write");
  }
}
