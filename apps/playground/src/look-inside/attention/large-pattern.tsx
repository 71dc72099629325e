import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import { percent } from "../../interface/numbers.ts";
import { Heatmap } from "../drawing/heatmap.tsx";
import type { HeatmapData } from "../drawing/heatmap-data.ts";
import { rising } from "../drawing/scale.ts";
import type { Pattern } from "./pattern.ts";
import { mostSeen, summaryOf } from "./pattern-summary.ts";

/** One head's pattern with its tokens, and what the chosen token looks at. */
export function LargePattern({
  title,
  pattern,
  within,
  rows,
  columns,
  query,
  onQuery,
}: {
  readonly title: string;
  readonly pattern: Pattern;
  /** Do tokens look at tokens of their own sequence? */
  readonly within: boolean;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly query: number;
  readonly onQuery: (position: number) => void;
}): JSX.Element {
  const { weights, visible, queries, keys } = pattern;
  const data = useMemo((): HeatmapData => {
    const hides = visible?.includes(0) === true;
    return {
      title,
      rows,
      columns,
      rowsTitle: "token that looks",
      columnsTitle: "token looked at",
      value: (row, column) => (visible?.[row * keys + column] === 0 ? undefined : weights[row * keys + column]!),
      // As in the small pictures: weights over many tokens are faint.
      scale: rising(0, 1, 2),
      ...(hides && { without: "masked" }),
    };
  }, [pattern, title, rows.join(), columns.join()]);
  const row = Array.from(weights.subarray(query * keys, (query + 1) * keys));
  const rest = 1 - row.reduce((a, b) => a + b, 0);
  const { self, before, first } = summaryOf(weights, queries, keys);
  return (
    <section class="stack large-pattern">
      <h2>{title}</h2>
      <p class="small quiet">
        {within
          ? `On average ${percent(self)} of a token's attention goes to itself, ${percent(before)} to the token before it and ${percent(first)} to the first token.`
          : `On average ${percent(first)} of a token's attention goes to the first token of the source.`}
        {" Choose a row to ask about its token."}
      </p>
      <Heatmap
        data={data}
        marked={query}
        describe={({ row, column }) => {
          const weight = data.value(row, column);
          const [from, to] = [`“${rows[row]}” (${row})`, `“${columns[column]}” (${column})`];
          return weight === undefined ? `${from} may not look at ${to}` : `${from} looks at ${to}: ${percent(weight)}`;
        }}
        onSelect={({ row }) => onQuery(row)}
      />
      <Keys token={`“${rows[query]}” (${query})`} row={row} columns={columns} rest={rest} />
    </section>
  );
}

/** The keys that one token looks at most, as a table. */
function Keys({
  token,
  row,
  columns,
  rest,
}: {
  readonly token: string;
  readonly row: readonly number[];
  readonly columns: readonly string[];
  readonly rest: number;
}): JSX.Element {
  return (
    <div aria-live="polite">
      <table class="plain bars">
        <caption>What {token} looks at most</caption>
        <thead>
          <tr>
            <th scope="col">Position</th>
            <th scope="col">Token</th>
            <th scope="col">Weight</th>
          </tr>
        </thead>
        <tbody>
          {mostSeen(row, 6).map(({ key, weight }) => (
            <tr key={key}>
              <td class="number place">{key}</td>
              <th scope="row">
                <code>{columns[key]}</code>
              </th>
              <td class="weight">
                <span class="number">{percent(weight)}</span>
                <span class="bar" style={{ width: `${70 * weight}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0.001 && (
        <p class="small quiet">The remaining {percent(rest)} goes to the head's sink, which stands for no token.</p>
      )}
    </div>
  );
}
