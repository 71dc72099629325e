import { count, duration, lossText, plural } from "../output/numbers.ts";
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
    evaluated: async (step, loss) => shown?.note(`step ${step}: on held-out text ${lossText(loss)}`),
    // Nobody wants to read this again and again; where the model is, `end` says.
    saved: () => Promise.resolve(),
    interrupted() {
      // At once, for a second Ctrl-C would leave the terminal without its cursor, which a bar hides.
      shown?.stop();
      // If nobody reads this any more, saving matters all the same.
      stderr.line("Finishing this step, then saving. Ctrl-C again ends at once.").catch(() => undefined);
    },
    stop: () => shown?.stop(),
    async end(path, { steps, best }, chart) {
      const drawn = chart(Math.max(40, Math.min(100, stderr.raw.columns ?? 80)));
      if (drawn !== "") await stderr.line(drawn);
      if (facts?.patience !== undefined && best !== undefined && best.step < steps)
        await stderr.line(
          `It got no better after step ${count(best.step)}, whose model this is: ${lossText(best.value)} on held-out text.`,
        );
      await stdout.line(`Trained in ${duration(pace.secondsSoFar())}. The model is ${path}.`);
      const model = `--model ${shellWord(path)}`;
      await stdout.line(
        facts?.kind === "encoder"
          ? `Try it, with words of your text around the mask: ${command} fill "[MASK]" ${model}`
          : `Try it: ${command} ${facts?.kind === "decoder" ? "generate" : 'translate "…"'} ${model}`,
      );
    },
  };
}

function introduction(facts: RunFacts): [string, string][] {
  const from = facts.step === 0 ? "" : `, from step ${count(facts.step)}`;
  return [
    [
      "model",
      `${facts.kind} with ${plural(facts.parameters, "parameter")}${facts.adapters === undefined ? "" : ` and ${count(facts.adapters)} of adapters, which alone are trained`}${facts.context === undefined ? "" : `, context ${facts.context}`}`,
    ],
    [
      "text",
      `${facts.text}: ${plural(facts.tokens, "token")} (${facts.tokenizer} tokenizer, vocabulary ${facts.vocabulary})`,
    ],
    ["run", `${plural(facts.steps, "step")} of ${sizeOf(facts)}, seed ${facts.seed}${from}`],
    ["on", facts.backend],
    ["folder", facts.folder],
  ];
}

/** What one step holds. */
function sizeOf({ batch, context, pairs, accumulate }: RunFacts): string {
  const times = accumulate === 1 ? "" : `${count(accumulate)} × `;
  return pairs ? `${times}pairs in up to ${count(batch)} positions` : `${times}${batch} × ${context} tokens`;
}
