import type { JSX } from "preact";

import type { Cost } from "../architect/costs.ts";
import type { PartCost } from "../architect/part-costs.ts";
import { ScrollBox } from "../interface/scroll-box.tsx";
import { bytes, count, percent, roughly } from "../interface/numbers.ts";

/** Every part with what it takes. */
export function PartTable({ cost: { parts, forward } }: { readonly cost: Cost }): JSX.Element {
  return (
    <ScrollBox label="What each part takes">
      <table class="plain parts">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Class</th>
            <th scope="col">Gives</th>
            <th scope="col" class="number">
              Parameters
            </th>
            <th scope="col" class="number">
              FLOPs
            </th>
            <th scope="col" class="number">
              Share
            </th>
            <th scope="col" class="number">
              Memory
            </th>
          </tr>
        </thead>
        <tbody>
          {parts.filter(takesSomething).map((part) => (
            <Line key={`${part.path} ${part.kind} ${part.shape?.join()}`} part={part} whole={forward.flops} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** Some take nothing, such as dropout where nothing is trained. */
const takesSomething = ({ parameters, flops, peakBytes }: PartCost): boolean => parameters + flops + peakBytes > 0;

function Line({ part, whole }: { readonly part: PartCost; readonly whole: number }): JSX.Element {
  const { path, kind, package: home, times, shape, parameters, flops, peakBytes } = part;
  const depth = path === "" ? 0 : path.split(".").filter((name) => name !== "*" && !/^\d+$/.test(name)).length;
  const share = whole === 0 ? 0 : flops / whole;
  return (
    <tr>
      <th scope="row">
        <span class="path" style={{ paddingInlineStart: `${depth * 14}px` }}>
          {path === "" ? "the model" : nameOf(path)}
          {times > 1 && <span class="quiet"> × {times}</span>}
          {path.includes(".") && <span class="for-screen-readers"> ({path})</span>}
        </span>
      </th>
      <td title={home}>
        {kind}
        <span class="for-screen-readers"> of {home ?? "elsewhere"}</span>
      </td>
      <td class="shape">{shape && `[${shape.join(", ")}]`}</td>
      <td class="number">{parameters === 0 ? "–" : count(parameters)}</td>
      <td class="number">{flops === 0 ? "–" : roughly(flops)}</td>
      <td class="number share">
        <span class="bar" style={{ width: `${100 * share}%` }} aria-hidden="true" />
        {flops === 0 ? "–" : percent(share)}
      </td>
      <td class="number">{peakBytes === 0 ? "–" : bytes(peakBytes)}</td>
    </tr>
  );
}

/** What it is called in what it is in: "blocks.*.attention" → "attention", "blocks.*" → "block". */
function nameOf(path: string): string {
  const names = path.split(".");
  const last = names.at(-1)!;
  return last === "*" || /^\d+$/.test(last)
    ? `${names.at(-2)!.replace(/s$/, "")}${last === "*" ? "" : ` ${last}`}`
    : last;
}
