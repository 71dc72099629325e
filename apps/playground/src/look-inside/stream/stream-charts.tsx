import type { JSX } from "preact";

import type { StreamNorms } from "../../engine/inspection/stream-data.ts";
import type { Sequence } from "../../engine/inspection/subject-data.ts";
import { LineChart } from "../../interface/line-chart.tsx";
import { ScrollBox } from "../../interface/scroll-box.tsx";
import { ChartPicture } from "../drawing/chart-picture.tsx";
import { visible } from "../shown.ts";
import { meanOfRow, rowOf } from "./rows.ts";

/** The length of the stream and of what is added, from layer to layer: the mean of all tokens, and the chosen one. */
export function StreamCharts({
  of,
  side,
  sequence: { tokens },
  position,
}: {
  readonly of: string;
  readonly side: StreamNorms;
  readonly sequence: Sequence;
  readonly position: number;
}): JSX.Element {
  const t = tokens.length;
  const token = `“${visible(tokens[position]!)}” (${position})`;
  const means = side.places.map((_, place) => meanOfRow(side.norms, place, t));
  const own = side.places.map((_, place) => rowOf(side.norms, place, t)[position]!);
  const layers = [...new Set(side.additions.map(({ layer }) => layer))];
  const sublayers = [...new Set(side.additions.map(({ sublayer }) => sublayer))];
  const addedBy = (sublayer: string, layer: number): number | null => {
    const row = side.additions.findIndex((each) => each.layer === layer && each.sublayer === sublayer);
    return row < 0 ? null : meanOfRow(side.added, row, t);
  };
  const added = sublayers.map((sublayer) => ({
    title: `${sublayer} adds`,
    values: layers.map((layer) => addedBy(sublayer, layer)),
  }));
  return (
    <>
      <div class="columns wide-columns">
        <section class="stack">
          <h2>{of}Length of the stream</h2>
          <p class="small quiet">The Euclidean norm of a token's vector, from the embeddings (0) through the layers.</p>
          <ChartPicture title={`${of}Length of the residual stream`}>
            <LineChart
              title={`${of}Length of the residual stream by layer`}
              across="layers behind"
              x={side.places.map(({ depth }) => depth)}
              series={[
                { title: "mean of the tokens", values: means },
                { title: token, values: own },
              ]}
              summary={`The mean length goes from ${number(means[0]!)} at the embeddings to ${number(means.at(-1)!)} after the last layer; that of ${token} from ${number(own[0]!)} to ${number(own.at(-1)!)}.`}
            />
          </ChartPicture>
        </section>
        <section class="stack">
          <h2>{of}What each sublayer adds</h2>
          <p class="small quiet">
            The length of what attention and feed-forward add to the stream, as a mean of the tokens.
          </p>
          <ChartPicture title={`${of}What each sublayer adds`}>
            <LineChart
              title={`${of}Length of what each sublayer adds, by layer`}
              across="layer"
              x={layers}
              series={added}
              summary={added
                .map(({ title, values }) => `${title}: ${values.map((value) => number(value ?? 0)).join(", ")}.`)
                .join(" ")}
            />
          </ChartPicture>
        </section>
      </div>
      <details>
        <summary>The numbers as a table</summary>
        <ScrollBox label={`${of}lengths as a table`}>
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">Place</th>
                <th scope="col" class="number">
                  Mean length
                </th>
                <th scope="col" class="number">
                  {token}
                </th>
              </tr>
            </thead>
            <tbody>
              {side.places.map(({ title }, place) => (
                <tr key={title}>
                  <th scope="row">{title}</th>
                  <td class="number">{number(means[place]!)}</td>
                  <td class="number">{number(own[place]!)}</td>
                </tr>
              ))}
              {side.additions.map(({ layer, sublayer }, row) => (
                <tr key={`${layer} ${sublayer}`}>
                  <th scope="row">
                    layer {layer}, {sublayer} adds
                  </th>
                  <td class="number">{number(meanOfRow(side.added, row, t))}</td>
                  <td class="number">{number(rowOf(side.added, row, t)[position]!)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </details>
    </>
  );
}

const number = (value: number): string => value.toPrecision(3);
