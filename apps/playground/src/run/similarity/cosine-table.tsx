import type { JSX } from "preact";

import type { Similarities } from "../../engine/text/similarity.ts";
import { ScrollBox } from "../../interface/scroll-box.tsx";

/** The cosine of each pair of sentences: the darker, the more alike. */
export function CosineTable({
  of,
  similarities: { cosines, pooling, width },
}: {
  readonly of: readonly string[];
  readonly similarities: Similarities;
}): JSX.Element {
  const n = of.length;
  const pairs = [...cosines].filter((_, at) => Math.floor(at / n) > at % n);
  const [least, most] = [Math.min(...pairs), Math.max(...pairs)];
  const at = cosines.findIndex((cosine, at) => Math.floor(at / n) > at % n && cosine === most);
  return (
    <section class="card stack" aria-labelledby="cosines">
      <h2 id="cosines">Cosines of their vectors</h2>
      <p class="small" role="status">
        The most alike are {(at % n) + 1} and {Math.floor(at / n) + 1}, with a cosine of {most.toFixed(3)}.{" "}
        {pooling === "mean"
          ? `The vector of a sentence is the mean of its tokens' vectors, of ${width} numbers. A model that was not trained to compare sentences finds all of them rather alike, so the shades go from the least alike pair to the most.`
          : `The model makes vectors of ${width} numbers of whole sentences by itself. The shades go from the least alike pair to the most.`}
      </p>
      <ScrollBox label="Cosines, pair by pair">
        <table class="cosines">
          <thead>
            <tr>
              <th scope="col">Sentence</th>
              {of.map((_, j) => (
                <th scope="col" key={j}>
                  {j + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.map((sentence, i) => (
              <tr key={i}>
                <th scope="row">
                  {i + 1} <span class="quiet">{sentence}</span>
                </th>
                {of.map((_, j) => {
                  const cosine = cosines[i * n + j]!;
                  const share = i === j || most === least ? 1 : (cosine - least) / (most - least);
                  return (
                    <td
                      key={j}
                      class={i === j ? "same" : undefined}
                      style={{ "--alike": `${Math.round(45 * share)}%` }}
                    >
                      {cosine.toFixed(3)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
