import {
  type GenerateOptions,
  type GenerationStatistics,
  greedy,
  type LogitsTransform,
  minP,
  noRepeatNGram,
  repetitionPenalty,
  sample,
  temperature,
  topK,
  topP,
} from "@tenon/sampling";
import { random } from "@tenon/tensor";
import type { Command } from "commander";

import { endsOf, promptIds } from "../generation/prompt-ids.ts";
import { readPrompt } from "../generation/prompt.ts";
import { streamText } from "../generation/stream-text.ts";
import { addExamples } from "../help.ts";
import { Interrupted, interruptible } from "../interrupt.ts";
import { modelForms } from "../model/any-model.ts";
import { type LoadedDecoder, loadDecoder } from "../model/load-kind.ts";
import { onlyTokens } from "../model/only-tokens.ts";
import { shippedModel } from "../model/shipped.ts";
import { refuseBeside } from "../options/given.ts";
import { decimal, seed, someText, wholeNumber } from "../options/values.ts";
import { count, duration, plural } from "../output/numbers.ts";
import { addBackendOption } from "../options/backend.ts";
import type { Session } from "../session.ts";

interface GenerateFlags {
  readonly model?: string;
  readonly prompt?: string;
  readonly chat?: true;
  readonly tokens: number;
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly repetitionPenalty?: number;
  readonly neverRepeat?: number;
  readonly greedy?: true;
  readonly stop?: readonly string[];
  readonly seed: number;
  readonly statistics?: true;
  readonly json?: true;
}

const description =
  "Continues a text with a decoder, token by token as they come. Each next token is drawn from the model's distribution: --temperature " +
  "makes it bolder or more careful, --top-k and --top-p leave out what is unlikely, and the same --seed draws the same again. When the " +
  "model's context is full, it goes on from the last half of it.";

/** Adds `tenon generate`. */
export function addGenerateCommand(program: Command, session: Session): Command {
  const command = program.command("generate").summary("continue a text").description(description);
  command
    .optionsGroup("What to continue:")
    .option("--model <name>", `${modelForms} (default: the story decoder that comes with Tenon)`, someText("--model"))
    .option("--prompt <text>", "the text to continue (default: what is piped in, else a fresh beginning)")
    .option("--chat", "the prompt is what somebody says to the model, and it answers, by its chat template");
  command
    .optionsGroup("How to choose tokens:")
    .option(
      "--temperature <x>",
      "above 1 bolder, below 1 more careful",
      decimal("--temperature", { above: 0, remedy: "For the most probable token every time, use --greedy." }),
      0.8,
    )
    .option("--top-k <n>", "choose among the n most probable tokens", wholeNumber("--top-k", { from: 1 }))
    .option(
      "--top-p <share>",
      "choose among the most probable tokens that have this share together",
      decimal("--top-p", { above: 0, to: 1 }),
    )
    .option(
      "--min-p <share>",
      "choose among the tokens at least this share as probable as the most probable one",
      decimal("--min-p", { above: 0, to: 1 }),
    )
    .option(
      "--repetition-penalty <x>",
      "above 1, words that were there become less probable",
      decimal("--repetition-penalty", { above: 0 }),
    )
    .option(
      "--never-repeat <n>",
      "never say the same n tokens in a row again",
      wholeNumber("--never-repeat", { from: 1 }),
    )
    .option("--greedy", "always choose the most probable token")
    .option("--seed <n>", "the same seed gives the same text", seed("--seed"), 1);
  command
    .optionsGroup("When to stop, and what to show:")
    .option("--tokens <n>", "the most tokens to add", wholeNumber("--tokens", { from: 1 }), 200)
    .option("--stop <text>", "stop before this text; may be given several times", collect)
    .option("--statistics", "say on stderr how many tokens came, how fast, and why it ended")
    .option("--json", "one JSON object at the end instead of the text");
  addBackendOption(command, session);
  addExamples(command, session.command, [
    {
      does: "a story from the model that comes with Tenon",
      line: 'generate --prompt "One day, Mia the fox" --tokens 300',
    },
    {
      does: "bolder, and other each time you change the seed",
      line: 'generate --prompt "One day" --temperature 1.1 --seed 7',
    },
    {
      does: "an answer from a model of the Hub, which is downloaded once",
      line: 'generate --model HuggingFaceTB/SmolLM2-135M-Instruct --chat --prompt "What is a tenon?"',
    },
    {
      does: "from a model of yours, one line, with figures",
      line: 'generate --model tenon-decoder --stop "." --statistics',
    },
  ]);
  return command.action(async (flags: GenerateFlags) => generateText(flags, command, session));
}

async function generateText(flags: GenerateFlags, command: Command, session: Session): Promise<void> {
  refuseBeside(
    command,
    "--greedy",
    ["--temperature", "--top-k", "--top-p", "--min-p", "--seed"],
    "--greedy leaves nothing to chance",
  );
  const { stdout, stderr } = session;
  const loaded = await loadDecoder(flags.model ?? shippedModel("story-decoder"), session);
  const prompt = await readPrompt(flags.prompt, session);
  const ids = await promptIds(loaded, prompt, flags.chat === true);
  const isText = flags.json === undefined;

  const { text, statistics, aborted } = await interruptible(async (interrupt) => {
    const signal = AbortSignal.any([interrupt, stdout.closed]);
    if (isText && prompt !== undefined) await stdout.write(stdout.style("bold", prompt));
    const write = (piece: string): Promise<void> => (isText ? stdout.write(piece) : Promise.resolve());
    const streamed = await streamText(loaded, ids, optionsOf(flags, loaded), write, signal);
    return { ...streamed, aborted: interrupt.aborted };
  });

  if (isText) await stdout.line();
  else
    await stdout.json({
      model: loaded.path,
      prompt: prompt ?? "",
      text,
      seed: flags.greedy ? null : flags.seed,
      ...statistics,
    });
  if (flags.statistics) await stderr.line(summary(statistics));
  if (aborted) throw new Interrupted();
}

const collect = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  someText("--stop")(text),
];

function optionsOf(flags: GenerateFlags, loaded: LoadedDecoder): Omit<GenerateOptions, "decoder" | "signal"> {
  const transforms: LogitsTransform[] = [...onlyTokens(loaded)];
  if (flags.repetitionPenalty !== undefined) transforms.push(repetitionPenalty(flags.repetitionPenalty));
  if (flags.neverRepeat !== undefined) transforms.push(noRepeatNGram(flags.neverRepeat));
  if (!flags.greedy) {
    transforms.push(temperature(flags.temperature));
    if (flags.topK !== undefined) transforms.push(topK(flags.topK));
    if (flags.topP !== undefined) transforms.push(topP(flags.topP));
    if (flags.minP !== undefined) transforms.push(minP(flags.minP));
  }
  return {
    transforms,
    strategy: flags.greedy ? greedy() : sample(random(flags.seed)),
    maxTokens: flags.tokens,
    stop: [...endsOf(loaded), ...(flags.stop ?? [])],
  };
}

const reasons = {
  token: "a stop token came",
  text: "the text of --stop came",
  constraint: "what was asked for is complete",
  length: "there were as many tokens as asked for",
  context: "the context was full",
  time: "the time was up",
  aborted: "it was interrupted",
} as const;

function summary(statistics: GenerationStatistics): string {
  const { promptTokens, generatedTokens, seconds, decodeTokensPerSecond, stopReason = "aborted" } = statistics;
  return (
    `${plural(generatedTokens, "token")} after a prompt of ${count(promptTokens)} in ${duration(seconds)}, ` +
    `${count(Math.round(decodeTokensPerSecond))} tokens/s; ended because ${reasons[stopReason]}`
  );
}
