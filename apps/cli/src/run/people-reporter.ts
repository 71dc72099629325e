import { count, duration, lossText } from "../output/numbers.ts";
import { type Progress, progress } from "../output/progress.ts";
import type { Session } from "../session.ts";
import { shellWord } from "../shell-word.ts";
import { Pace } from "./pace.ts";
import type { Reporter, RunFacts } from "./reporter.ts";

/** For people: what is trained on what, a bar or lines on stderr, and at the end what to do with the model. */
export function peopleReporter({ stdout, stderr, command }: Session): Reporter {
  let facts: RunFacts | undefined;
  let pace = new Pace(0, 1);
  let shown: Progress | undefined;
  return {
    async start(begun) {
      facts = begun;
      for (const [name, text] of introduction(begun)) {
        await stderr.line(`${stderr.style("bold", name.padEnd(7))} ${text}`);
      }
      pace = new Pace(begun.step, begun.steps);
      shown = progress(stderr, begun.steps);
    },
    async step({ step, loss, tokensPerSecond, heldOutLoss }) {
      const left = duration(pace.secondsLeft(step));
      await shown?.update(step, `loss ${lossText(loss)}  ${count(Math.round(tokensPerSecond))} tokens/s  ${left} left`);
      if (heldOutLoss !== undefined) {
        await shown?.note(`step ${step}: loss ${lossText(loss)}, on held-out text ${lossText(heldOutLoss)}`);
      }
    },
    // Nobody wants to read this again and again; where the model is, `end` says.
    saved: () => Promise.resolve(),
    stop: () => shown?.stop(),
    async end(path) {
      const use = facts?.kind === "encoder" ? "fill" : "generate";
      await stdout.line(`Trained in ${duration(pace.secondsSoFar())}. The model is ${path}.`);
      const text = use === "fill" ? ' "Some text with a [MASK] in it."' : "";
      await stdout.line(`Try it: ${command} ${use} --model ${shellWord(path)}${text}`);
    },
  };
}

function introduction(facts: RunFacts): [string, string][] {
  const from = facts.step === 0 ? "" : `, from step ${count(facts.step)}`;
  return [
    ["model", `${facts.kind} with ${count(facts.parameters)} parameters, context ${facts.context}`],
    [
      "text",
      `${facts.text}: ${count(facts.tokens)} tokens (${facts.tokenizer} tokenizer, vocabulary ${facts.vocabulary})`,
    ],
    ["run", `${count(facts.steps)} steps of ${facts.batch} × ${facts.context} tokens, seed ${facts.seed}${from}`],
    ["folder", facts.folder],
  ];
}
