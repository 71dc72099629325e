import type { JSX } from "preact";

import type { GenerationEnd } from "../../engine/text/generated.ts";
import { count, duration } from "../../interface/numbers.ts";

const reasons: { readonly [reason in GenerationEnd["reason"]]: string } = {
  token: "the model said that the text ends here",
  length: "there were as many tokens as asked for",
  context: "the model's context was full",
  stopped: "you stopped it",
};

/** What is too short for seconds is told in thousandths of them. */
const briefly = (seconds: number): string => (seconds < 1 ? `${Math.round(1000 * seconds)} ms` : duration(seconds));

/** How many tokens came, how fast, and why there are no more. */
export function Statistics({
  end,
  isWriting,
  tokens,
}: {
  readonly end: GenerationEnd | undefined;
  readonly isWriting: boolean;
  readonly tokens: number;
}): JSX.Element {
  if (end === undefined)
    return (
      <p class="small quiet" role="status">
        {isWriting && (tokens === 0 ? "Reading …" : "Writing …")}
      </p>
    );
  const { promptTokens, prefillSeconds, prefillTokensPerSecond, decodeTokensPerSecond, hypotheses } = end;
  const speed = (perSecond: number): string => count(Math.round(perSecond));
  return (
    <>
      <p class="small quiet" role="status">
        {end.tokens === 1 ? "1 token" : `${count(end.tokens)} tokens`}
        {decodeTokensPerSecond > 0 && `, ${speed(decodeTokensPerSecond)} a second`}; it ended because{" "}
        {reasons[end.reason]}.
        {prefillTokensPerSecond > 0 &&
          ` The ${count(promptTokens)} before were read in ${briefly(prefillSeconds)}, ${speed(prefillTokensPerSecond)} a second.`}
      </p>
      {hypotheses !== undefined && (
        <table class="plain small">
          <caption>What the beam search found, the most probable for its length first</caption>
          <thead>
            <tr>
              <th scope="col">Continuation</th>
              <th scope="col" class="number">
                log P
              </th>
            </tr>
          </thead>
          <tbody>
            {hypotheses.map(({ text, logProbability }, i) => (
              <tr key={i}>
                <td>{text}</td>
                <td class="number">{logProbability.toFixed(2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
