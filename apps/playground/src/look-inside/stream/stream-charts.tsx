import type { JSX } from "preact";

import type { StreamNorms } from "../../engine/inspection/stream-data.ts";
import type { Sequence } from "../../engine/inspection/subject-data.ts";
import { LineChart } from "../../interface/line-chart.tsx";
import { ScrollBox } from "../../interface/scroll-box.tsx";
import { ChartPicture } from "../drawing/chart-picture.tsx";
import { visible } from "../shown.ts";
import { meanOfRow, rowOf } from "./rows.ts";

/** The length of the stream and of what is added, from layer to layer: the mean of all tokens, and of one of them. */
export function StreamCharts({
  of,
  side,
  sequence: { tokens },
  position,
}: {
  /** In which side, where there are two: " in the encoder". */
  readonly of: string;
  readonly side: StreamNorms;
  readonly sequence: Sequence;
  readonly position: number | undefined;
}): JSX.Element {
  const t = tokens.length;
  const means = side.places.map((_, place) => meanOfRow(side.norms, place, t));
  const own = position !== undefined && {
    position,
    title: `“${visible(tokens[position]!)}” (${position})`,
    values: side.places.map((_, place) => rowOf(side.norms, place, t)[position]!),
  };
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
          <h2>Length of the stream{of}</h2>
          <p class="small quiet">The Euclidean norm of a token's vector, from the embeddings (0) through the layers.</p>
          <ChartPicture title={`Length of the residual stream${of}`}>
            <LineChart
              title={`Length of the residual stream${of} by layer`}
              across="layers behind"
              x={side.places.map(({ depth }) => depth)}
              series={[{ title: "mean of the tokens", values: means }, ...(own ? [own] : [])]}
              summary={`The mean length goes from ${number(means[0]!)} at the embeddings to ${number(means.at(-1)!)} after the last layer${own ? `; that of ${own.title} from ${number(own.values[0]!)} to ${number(own.values.at(-1)!)}` : ""}.`}
            />
          </ChartPicture>
        </section>
        <section class="stack">
          <h2>What each sublayer adds{of}</h2>
          <p class="small quiet">The length of what each of them adds to the stream, as a mean of the tokens.</p>
          <ChartPicture title={`What each sublayer adds${of}`}>
            <LineChart
              title={`Length of what each sublayer adds${of}, by layer`}
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
        <ScrollBox label={`Lengths${of} as a table`}>
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">Place</th>
                <th scope="col" class="number">
                  Mean length
                </th>
                {own && (
                  <th scope="col" class="number">
                    {own.title}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {side.places.map(({ title }, place) => (
                <tr key={title}>
                  <th scope="row">{title}</th>
                  <td class="number">{number(means[place]!)}</td>
                  {own && <td class="number">{number(own.values[place]!)}</td>}
                </tr>
              ))}
              {side.additions.map(({ layer, sublayer }, row) => (
                <tr key={`${layer} ${sublayer}`}>
                  <th scope="row">
                    layer {layer}, {sublayer} adds
                  </th>
                  <td class="number">{number(meanOfRow(side.added, row, t))}</td>
                  {own && <td class="number">{number(rowOf(side.added, row, t)[own.position]!)}</td>}
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
