import type { JSX } from "preact";

import { backendTitles } from "../../backends/backend-id.ts";
import type { Compared } from "../../engine/compared.ts";
import { count } from "../../interface/numbers.ts";
import { ScrollBox } from "../../interface/scroll-box.tsx";
import type { ComparisonSoFar } from "./compare-state.ts";

/** What each backend did. */
export function CompareTable({ found: { rows, tokens } }: { readonly found: ComparisonSoFar }): JSX.Element {
  const fastest = Math.max(...rows.map((row) => (row.works ? row.tokensPerSecond : 0)));
  return (
    <section class="card stack" aria-labelledby="compared">
      <h2 id="compared">What they did</h2>
      <ScrollBox label="Backend by backend">
        <table class="plain compared">
          <thead>
            <tr>
              <th scope="col">Backend</th>
              <th scope="col" class="number">
                First token
              </th>
              <th scope="col" class="number">
                Tokens a second
              </th>
              <th scope="col" class="number">
                Largest difference of a logit
              </th>
              <th scope="col">The same text</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} tokens={tokens} fastest={fastest} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p class="small quiet">
        Times are taken after three tokens to warm up, in which kernels are compiled. The difference is that from plain
        JavaScript, over all logits after each of the {tokens.length} tokens of the text to continue; 32-bit floats that
        are added in another order differ in their last digits.
      </p>
    </section>
  );
}

function Row({
  row,
  tokens,
  fastest,
}: {
  readonly row: Compared;
  readonly tokens: readonly string[];
  readonly fastest: number;
}): JSX.Element {
  if (!row.works)
    return (
      <tr>
        <th scope="row">{backendTitles[row.id]}</th>
        <td colSpan={4}>{row.reason}</td>
      </tr>
    );
  const { id, name, firstTokenSeconds, tokensPerSecond, differences, same, text } = row;
  const most = Math.max(...differences);
  const at = differences.indexOf(most);
  // A long prompt is read from where the context begins.
  const token = tokens[tokens.length - differences.length + at];
  return (
    <tr>
      <th scope="row">
        {backendTitles[id]}
        <span class="small quiet about">{name}</span>
      </th>
      <td class="number">{(1000 * firstTokenSeconds).toFixed(1)} ms</td>
      <td class="number">
        {tokensPerSecond < 10 ? tokensPerSecond.toFixed(1) : count(Math.round(tokensPerSecond))}
        <span class="bar" aria-hidden="true">
          <span style={{ width: `${(100 * tokensPerSecond) / fastest}%` }} />
        </span>
      </td>
      <td class="number">
        {most === 0 ? "0" : most.toExponential(1)}
        {most > 0 && (
          <span class="small quiet about">
            after <code>{token}</code>
          </span>
        )}
      </td>
      <td>
        {id === "cpu" ? "the one to compare with" : same ? "yes" : "no"}
        {!same && <span class="small quiet about">{text}</span>}
      </td>
    </tr>
  );
}
