import type { JSX } from "preact";

import type { Moved } from "../../engine/inspection/prediction-data.ts";
import { percent } from "../../interface/numbers.ts";
import { ScrollBox } from "../../interface/scroll-box.tsx";
import { visible } from "../shown.ts";

/** A prediction before and after a change: the tokens with their probabilities, and how far it moved. */
export function MovedTable({
  moved: { tokens, divergence },
  at,
  sourceTitle,
}: {
  readonly moved: Moved;
  /** Of which prediction this is: "after “very” (12)". */
  readonly at: string;
  /** What the run is called that activations came from, where there is one. */
  readonly sourceTitle?: string;
}): JSX.Element {
  const best = (key: "before" | "after"): string => visible(tokens.reduce((a, b) => (b[key] > a[key] ? b : a)).token);
  const [was, is] = [best("before"), best("after")];
  return (
    <div>
      <p role="status">
        The prediction {at} moves by <strong class="number">{nats(divergence)}</strong> (KL).{" "}
        {was === is ? (
          <>
            The most probable token stays <code>{was}</code>.
          </>
        ) : (
          <>
            The most probable token was <code>{was}</code> and is <code>{is}</code> now.
          </>
        )}
      </p>
      <ScrollBox label="Probabilities before and after">
        <table class="plain moved">
          <thead>
            <tr>
              <th scope="col">Token</th>
              <th scope="col" class="number">
                Before
              </th>
              <th scope="col" class="number">
                After
              </th>
              <th scope="col" class="number">
                Difference (points)
              </th>
              {sourceTitle !== undefined && (
                <th scope="col" class="number">
                  {sourceTitle}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {tokens.map(({ token, before, after, source }) => (
              <tr key={token.id}>
                <th scope="row">
                  <code>{visible(token)}</code>
                </th>
                <td class="number">{percent(before)}</td>
                <td class="number">{percent(after)}</td>
                <Difference difference={after - before} />
                {source !== undefined && <td class="number">{percent(source)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </div>
  );
}

/** 0.1234 → "0.123 nats". Rounding may leave a hair below nothing. */
export const nats = (value: number): string =>
  value < 1e-6 ? "0 nats" : value < 0.001 ? "less than 0.001 nats" : `${value.toPrecision(3)} nats`;

/** In points of a hundred, with its sign. */
function Difference({ difference }: { readonly difference: number }): JSX.Element {
  const points = (100 * difference).toFixed(1);
  if (Number(points) === 0) return <td class="number quiet">0</td>;
  return difference > 0 ? (
    <td class="number more">+{points}</td>
  ) : (
    <td class="number less">{points.replace("-", "−")}</td>
  );
}
