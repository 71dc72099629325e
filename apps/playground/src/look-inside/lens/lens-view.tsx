import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { LensReading } from "../../engine/inspection/prediction-data.ts";
import { LineChart } from "../../interface/line-chart.tsx";
import { percent } from "../../interface/numbers.ts";
import { engine } from "../../model/session.ts";
import { ChartPicture } from "../drawing/chart-picture.tsx";
import { HeatmapPicture } from "../drawing/heatmap-picture.tsx";
import { PictureButtons } from "../drawing/picture-buttons.tsx";
import { rising } from "../drawing/scale.ts";
import { PredictsNothing } from "../predicts-nothing.tsx";
import { labelsOf, positionIn, type Shown, shortened, visible } from "../shown.ts";
import { choose } from "../state.ts";
import { rowOf, meanOfRow } from "../stream/rows.ts";
import { useLatest } from "../use-latest.ts";
import { Waiting } from "../waiting.tsx";
import { type LensPlace, LensTable } from "./lens-table.tsx";

/** What the model would say if it stopped after each layer. */
export function LensView({ shown }: { readonly shown: Shown }): JSX.Element {
  const { predicts } = shown.reading;
  const { value, busy } = useLatest(
    "The lens could not be held to the model",
    predicts ? shown.key : undefined,
    async () => ({
      shown,
      lens: await engine().inspection.lens(shown.texts),
    }),
  );
  if (!predicts) return <PredictsNothing />;
  if (value === undefined) return <Waiting busy={busy} />;
  return <Lens lens={value.lens} shown={value.shown} />;
}

function Lens({ lens, shown: { reading } }: { readonly lens: LensReading; readonly shown: Shown }): JSX.Element {
  const position = positionIn(reading);
  const [row, setRow] = useState<number | undefined>();
  const [pointed, setPointed] = useState<LensPlace | undefined>();
  const { rows, candidates, distances } = lens;
  const labels = labelsOf(reading.main);
  const chosenRow = Math.min(row ?? rows.length - 1, rows.length - 1);
  const asked =
    pointed !== undefined && candidates[pointed.row]?.[pointed.position] ? pointed : { row: chosenRow, position };
  const token = `“${labels[position]}” (${position})`;
  const own = rows.map((_, row) => rowOf(distances, row, labels.length)[position]!);
  const title = "Logit lens: the most probable token after each layer";
  return (
    <div class="stack">
      <p class="small quiet">
        The final norm and the output, applied to the residual stream after each layer (nostalgebraist 2020). Each
        column is a token of the text, and says{" "}
        {reading.predictsNext ? "what the model would write after it" : "what the model would put there"}; the shade
        says how probable that is. The last row is what the model says in the end. Point at a cell, or choose it, to see
        its five best.
      </p>
      <LensTable
        lens={lens}
        labels={labels}
        row={chosenRow}
        position={position}
        onPoint={setPointed}
        onSelect={({ row, position }) => {
          setRow(row);
          choose({ position });
        }}
      />
      <PictureButtons
        title={title}
        draw={(palette) => (
          <HeatmapPicture
            palette={palette}
            data={{
              title,
              rows,
              columns: labels,
              rowsTitle: "after",
              columnsTitle: "token of the text",
              value: (row, column) => candidates[row]![column]![0]!.probability,
              text: (row, column) => shortened(visible(candidates[row]![column]![0]!.token), 9),
              scale: rising(0, 1),
              cell: { width: 68, height: 24 },
            }}
          />
        )}
      />
      <div class="columns wide-columns">
        <section aria-live="polite">
          <h2>
            At “{labels[asked.position]}” ({asked.position}),{" "}
            {asked.row === 0 ? "before the first layer" : `after ${rows[asked.row]}`}
          </h2>
          <table class="plain bars">
            <thead>
              <tr>
                <th scope="col">Token</th>
                <th scope="col">Probability</th>
              </tr>
            </thead>
            <tbody>
              {candidates[asked.row]![asked.position]!.map(({ token, probability }) => (
                <tr key={token.id}>
                  <th scope="row">
                    <code>{visible(token)}</code>
                  </th>
                  <td class="weight">
                    <span class="number">{percent(probability)}</span>
                    <span class="bar" style={{ width: `${70 * probability}%` }} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section class="stack">
          <h2>How far from the final answer</h2>
          <ChartPicture title="How far each layer's answer is from the last one's">
            <LineChart
              title="How far the answer after each layer is from the last one's, KL in nats"
              across="layers behind"
              x={rows.map((_, row) => row)}
              series={[
                { title: "mean of the tokens", values: rows.map((_, row) => meanOfRow(distances, row, labels.length)) },
                { title: token, values: own },
              ]}
              summary={`At ${token} the divergence goes from ${own[0]!.toFixed(2)} nats before the first layer to ${own.at(-1)!.toFixed(2)} after the last.`}
              height={220}
            />
          </ChartPicture>
        </section>
      </div>
    </div>
  );
}
