import type { JSX } from "preact";

import type { DistributionStage, StepDistribution } from "../../engine/text/generated.ts";
import { count, percent } from "../../interface/numbers.ts";
import { ScrollBox } from "../../interface/scroll-box.tsx";
import "./stages.css";

/** The most probable tokens, and what each transform makes of them. */
export function DistributionTable({
  distribution: { tokens, stages, chosen },
}: {
  readonly distribution: StepDistribution;
}): JSX.Element {
  const most = Math.max(...stages.flatMap(({ probabilities }) => probabilities));
  const [first, last] = [stages[0]!, stages.at(-1)!];
  return (
    <>
      <p class="small" role="status">
        Chosen with these controls: <code>{chosen.name}</code>, of {count(last.kept)}{" "}
        {last.kept === 1 ? "token that is" : "tokens that are"} left of {count(first.kept)}. Entropy{" "}
        {first.entropy.toFixed(2)} bits before, {last.entropy.toFixed(2)} after.
      </p>
      <ScrollBox label="The distribution, stage by stage">
        <table class="stages">
          <thead>
            <tr>
              <th scope="col">Token</th>
              {stages.map(({ name, kept, entropy }, i) => (
                <th scope="col" key={name}>
                  {i === 0 ? "The model" : titleOf(name)}
                  <span class="small quiet">
                    {count(kept)} {kept === 1 ? "token" : "tokens"}, {entropy.toFixed(2)} bits
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tokens.map(({ id, name }, row) => (
              <tr key={id} class={id === chosen.id ? "chosen" : undefined}>
                <th scope="row">
                  <code>{name}</code>
                  {id === chosen.id && <span class="small"> chosen</span>}
                </th>
                {stages.map((stage, i) => (
                  <Cell key={stage.name} stage={stage} before={stages[i - 1]} row={row} most={most} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </>
  );
}

function Cell({
  stage,
  before,
  row,
  most,
}: {
  readonly stage: DistributionStage;
  readonly before: DistributionStage | undefined;
  readonly row: number;
  readonly most: number;
}): JSX.Element {
  if (!stage.open[row]) {
    // It is said once, where it happens.
    const now = before?.open[row] === true;
    return <td class="out">{now ? "removed" : <span class="for-screen-readers">removed before</span>}</td>;
  }
  const probability = stage.probabilities[row]!;
  return (
    <td>
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${(100 * probability) / most}%` }} />
      </span>
      <span class="number">{percent(probability)}</span>
    </td>
  );
}

const titles: Readonly<Record<string, string>> = {
  repetitionPenalty: "Repetition penalty",
  temperature: "Temperature",
  topK: "Top-k",
  typical: "Typical",
  topP: "Top-p",
  minP: "Min-p",
  suppress: "Ids without a token",
};

/** "topK(40)" → "Top-k 40". */
function titleOf(name: string): string {
  const [, transform = name, value = ""] = /^(\w+)\((.*)\)$/.exec(name) ?? [];
  return `${titles[transform] ?? transform}${transform === "suppress" ? "" : ` ${value}`}`;
}
