import { describe } from "@tenon/models";
import { sample, temperature } from "@tenon/sampling";
import { random } from "@tenon/tensor";

import { fillingTable } from "../filling/filling-table.ts";
import { endsOf } from "../generation/prompt-ids.ts";
import { encodeText } from "../generation/prompt.ts";
import { streamText } from "../generation/stream-text.ts";
import { Interrupted, interruptible } from "../interrupt.ts";
import { assemblyTable } from "../model/assembly.ts";
import type { LoadedDecoder, LoadedEncoder } from "../model/load-kind.ts";
import { pretrainedPackage } from "../model/pretrained-package.ts";
import { byteCount, count, plural } from "../output/numbers.ts";
import { tokenizerName } from "../output/tokenizer-name.ts";
import type { Session } from "../session.ts";
import { beginning, masked, nextCommands } from "./texts.ts";

/** Shows what the two models are made of and what they can do, and what to try next. */
export async function showDemo(
  decoder: LoadedDecoder,
  encoder: LoadedEncoder,
  seed: number,
  session: Session,
): Promise<void> {
  const { stdout, command } = session;
  const title = (text: string): Promise<void> => stdout.line(`\n${stdout.style("bold", text)}`);

  await stdout.line(`${stdout.style("bold", "Tenon")}: the transformer in pieces that fit.`);
  await title("A GPT-like decoder, assembled from packages");
  await stdout.line(assembly(decoder));
  await title("A BERT-like encoder, assembled from the same packages");
  await stdout.line(assembly(encoder));
  await title("The decoder continues a story");
  await tellStory(decoder, seed, session);
  await title("The encoder fills in masked words");
  await fillWords(encoder, session);
  await title("Go on");
  for (const { does, line } of nextCommands) {
    await stdout.line(`  ${stdout.style("dim", `# ${does}`)}\n  ${command} ${line}`);
  }
}

function assembly({ model, tokenizer, training }: LoadedDecoder | LoadedEncoder): string {
  const about = describe(model);
  const { layers, width, context } = model.spec;
  return [
    `${plural(layers, "layer")}, width ${width}, context ${context}, ${tokenizerName(tokenizer)} tokenizer with ${plural(tokenizer.size, "token")}: ` +
      `${plural(about.count, "parameter")}, ${byteCount(about.bytes)}`,
    ...(training === undefined
      ? []
      : [`trained ${plural(training.step + (training.earlierSteps ?? 0), "step")} on ${training.text}`]),
    assemblyTable(about),
  ].join("\n");
}

async function tellStory(decoder: LoadedDecoder, seed: number, { stdout }: Session): Promise<void> {
  const ids = encodeText(beginning, decoder.tokenizer, decoder.model.context, "the beginning of the story");
  // About the length of a story, which ends with its line.
  const maxTokens = decoder.tokenizer.kind === "character" ? 600 : 200;
  const options = {
    transforms: [temperature(0.7)],
    strategy: sample(random(seed)),
    maxTokens,
    stop: ["\n", ...endsOf(decoder)],
  };
  await stdout.write(stdout.style("bold", beginning));
  const { statistics, aborted } = await interruptible(async (interrupt) => {
    const signal = AbortSignal.any([interrupt, stdout.closed]);
    const { statistics } = await streamText(decoder, ids, options, (text) => stdout.write(text), signal);
    return { statistics, aborted: interrupt.aborted };
  });
  await stdout.line();
  if (aborted) throw new Interrupted();
  const { generatedTokens, decodeTokensPerSecond } = statistics;
  const speed = `${plural(generatedTokens, "token")}, ${count(Math.round(decodeTokensPerSecond))} a second`;
  await stdout.line(stdout.style("dim", `(${speed}, on ${decoder.model.backend.name})`));
}

async function fillWords({ model, tokenizer }: LoadedEncoder, { stdout }: Session): Promise<void> {
  const ids = encodeText(masked, tokenizer, model.context, "the text with masks");
  const { fillMasks } = await pretrainedPackage();
  const filling = await fillMasks(model, tokenizer, ids, { top: 3 });
  await stdout.line(`${masked}\n${fillingTable(filling)}`);
}
