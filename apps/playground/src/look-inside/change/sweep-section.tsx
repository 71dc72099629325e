import { proxy } from "comlink";
import { Play, Square } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { PatchPlace, SweepReading, SweepRequest } from "../../engine/inspection/intervention-data.ts";
import type { MovedToken } from "../../engine/inspection/prediction-data.ts";
import type { Texts } from "../../engine/inspection/subject-data.ts";
import { Choice } from "../../interface/choice.tsx";
import { percent } from "../../interface/numbers.ts";
import { engine } from "../../model/session.ts";
import { attempt } from "../../problems/problem.ts";
import { Heatmap } from "../drawing/heatmap.tsx";
import type { HeatmapData } from "../drawing/heatmap-data.ts";
import { around } from "../drawing/scale.ts";
import { labelsOf, type Shown, visible } from "../shown.ts";

/** Every layer and position is patched in turn: how much of the difference between two tokens does each restore? */
export function SweepSection({
  shown,
  other,
  position,
  tokens,
  onCell,
}: {
  readonly shown: Shown;
  readonly other: Texts;
  readonly position: number;
  /** The tokens that can be compared: those that either text makes probable. */
  readonly tokens: readonly MovedToken[];
  /** A cell was chosen, to be patched by itself. */
  readonly onCell: (place: PatchPlace, at: number) => void;
}): JSX.Element {
  // Each patch makes other tokens probable; the choice stays that of the first.
  const [offered] = useState(tokens);
  const [usualFrom, usualTowards] = useMemo(() => usualPair(offered), [offered]);
  const [part, setPart] = useState<SweepRequest["part"]>("stream");
  const [towards, setTowards] = useState(usualTowards);
  const [from, setFrom] = useState(usualFrom);
  const [swept, setSwept] = useState<{ readonly reading: SweepReading; readonly request: SweepRequest } | undefined>();
  const [running, setRunning] = useState(false);
  const run = useRef(0);
  const stop = (): void => {
    run.current++;
    setRunning(false);
    void attempt("The sweep could not be stopped", () => engine().inspection.stop());
  };
  useEffect(() => () => void (run.current > 0 && stop()), []);

  const start = async (): Promise<void> => {
    const mine = ++run.current;
    const request = { part, position, towards, from };
    setRunning(true);
    const tell = (reading: SweepReading): void => {
      if (run.current === mine) setSwept({ reading, request });
    };
    const done = await attempt("The sweep could not be done", () =>
      engine().inspection.sweep(shown.texts, other, request, proxy(tell)),
    );
    if (done !== undefined) tell(done);
    if (run.current !== mine) return;
    run.current++; // what was told on the way may come after the answer
    setRunning(false);
  };
  const options = offered.map(({ token }) => ({ value: String(token.id), title: visible(token) }));
  const parts = ["stream", ...(shown.reading.layers[0]?.sublayers ?? [])] as const;
  return (
    <section class="stack">
      <h2>Sweep: what carries the difference?</h2>
      <p class="small quiet">
        Patches every layer and position by itself, and measures how much of the difference of two logits, from this
        text's to the other's, it restores (Meng et al. 2022): 0 % where the answer stays, 100 % where it becomes the
        other text's.
      </p>
      <div class="columns">
        <Choice
          label="Patch"
          value={part}
          disabled={running}
          options={parts.map((value) => ({ value, title: partTitles[value] }))}
          onChange={setPart}
        />
        <Choice
          label="Token that the other text leads to"
          value={String(towards)}
          options={options}
          disabled={running}
          onChange={(id) => setTowards(Number(id))}
        />
        <Choice
          label="Token that this text leads to"
          value={String(from)}
          options={options}
          disabled={running}
          onChange={(id) => setFrom(Number(id))}
        />
      </div>
      <div class="row">
        {running ? (
          <button type="button" class="button" onClick={stop}>
            <Square size={16} aria-hidden="true" /> Stop
          </button>
        ) : (
          <button type="button" class="button primary" disabled={towards === from} onClick={() => void start()}>
            <Play size={16} aria-hidden="true" /> Sweep
          </button>
        )}
        <span role="status">{progressOf(swept?.reading, running, towards === from)}</span>
      </div>
      {swept !== undefined && <SweepMap {...swept} shown={shown} onCell={onCell} />}
    </section>
  );
}

const partTitles = {
  stream: "The residual stream",
  attention: "What attention adds",
  "cross-attention": "What cross-attention adds",
  "feed-forward": "What feed-forward adds",
} as const;

/** What each text makes most probable: two tokens, if need be the second of one of them. */
function usualPair(tokens: readonly MovedToken[]): readonly [from: number, towards: number] {
  const best = (key: "before" | "source", without?: number): number =>
    tokens.filter(({ token }) => token.id !== without).reduce((a, b) => ((b[key] ?? 0) > (a[key] ?? 0) ? b : a)).token
      .id;
  const from = best("before");
  return [from, best("source", from)];
}

function progressOf(reading: SweepReading | undefined, running: boolean, same: boolean): string {
  if (same) return "Choose two different tokens.";
  if (reading === undefined) return running ? "Running both texts …" : "";
  const { rows, positions, restored } = reading;
  const done = restored.filter((share) => !Number.isNaN(share)).length / positions;
  if (running) return `${done} of ${rows.length} layers`;
  return done < rows.length ? `Stopped after ${done} of ${rows.length} layers.` : "Done.";
}

const signed = (value: number): string => value.toFixed(2).replace("-", "−");

function SweepMap({
  reading: { rows, positions, restored, before, goal },
  request,
  shown,
  onCell,
}: {
  readonly reading: SweepReading;
  readonly request: SweepRequest;
  readonly shown: Shown;
  readonly onCell: (place: PatchPlace, at: number) => void;
}): JSX.Element {
  const labels = labelsOf(shown.reading.main);
  const data = useMemo(
    (): HeatmapData => ({
      title: `How much each patch restores: ${partTitles[request.part].toLowerCase()}`,
      rows,
      columns: labels,
      rowsTitle: "after",
      columnsTitle: "position that is patched",
      value: (row, column) => {
        const share = restored[row * positions + column]!;
        return Number.isNaN(share) ? undefined : share;
      },
      scale: around(0, 1),
      ...(restored.some(Number.isNaN) && { without: "not done" }),
      cell: { width: Math.max(16, Math.min(40, Math.floor(500 / labels.length))), height: 26 },
    }),
    [restored],
  );
  return (
    <>
      <p class="small">
        The difference of the two logits is {signed(before)} for this text and {signed(goal)} for the other. Choose a
        cell to make that patch by itself.
      </p>
      <Heatmap
        data={data}
        describe={({ row, column }) => {
          const share = data.value(row, column);
          const said =
            share === undefined ? "not patched yet" : `restores ${share < 0 ? "−" : ""}${percent(Math.abs(share))}`;
          return `${rows[row]}, “${labels[column]}” (${column}): ${said}`;
        }}
        onSelect={({ row, column }) =>
          onCell({ layer: request.part === "stream" ? row - 1 : row, part: request.part }, column)
        }
      />
    </>
  );
}
