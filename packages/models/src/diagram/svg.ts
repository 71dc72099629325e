import { describe } from "../describe.ts";
import { place, type Metrics, type Point, type Shape } from "./place.ts";
import type { Drawn } from "./sketch-of.ts";
import type { Box, Sketch } from "./sketch.ts";
import { style } from "./svg-style.ts";
import { boxesOf } from "./text.ts";

// In pixels. Widths of characters are those of the widest usual font; nothing is cut where another is narrower.
const [titleWidth, lineWidth, inset] = [7.9, 6.6, 14] as const;
const [titleHeight, lineHeight] = [20, 16] as const;
const margin = 28;
const heading = 76;
const radius = 10;

/** A sketch as a file in SVG. */
export function svgOf(sketch: readonly Sketch[], model: Drawn): string {
  const metrics: Metrics = {
    gap: 22,
    apart: 52,
    side: 34,
    padding: 24,
    headroom: 12,
    boxWidth: 2 * inset + Math.max(...boxesOf(sketch).map(widthOf)),
    heightOf: ({ lines }) => 20 + titleHeight - 4 + lines.length * lineHeight,
    flowHeight: 20,
    labelWidth: ({ length }) => length * lineWidth + 16,
  };
  const { shapes, width, height } = place(sketch, metrics);
  const { kind, dropout } = model.spec;
  const count = describe(model).count.toLocaleString("en-US");
  const name = `${kind[0]!.toUpperCase()}${kind.slice(1)}`;
  const facts = `${sizesOf(model)} · ${count} parameters${dropout === 0 ? "" : ` · dropout ${dropout}`}`;
  const [across, down] = [
    Math.ceil(Math.max(width, facts.length * lineWidth) + 2 * margin),
    Math.ceil(height + heading + 2 * margin),
  ];
  const shift = (across - width) / 2;
  const said = boxesOf(sketch).map(({ title, lines }) => [title, ...lines].join(", "));
  return `<svg xmlns="http://www.w3.org/2000/svg" class="tenon-diagram" role="img" aria-labelledby="tenon-diagram-title tenon-diagram-description" viewBox="0 0 ${across} ${down}" width="${across}" height="${down}">
<title id="tenon-diagram-title">${escaped(`${name}: ${facts}`)}</title>
<desc id="tenon-diagram-description">${escaped(`From above to below: ${said.join("; ")}.`)}</desc>
<style>${style}</style>
<rect class="paper" width="100%" height="100%"/>
<text class="name" x="${margin}" y="${margin + 16}">${escaped(name)}</text>
<text class="facts" x="${margin}" y="${margin + 38}">${escaped(facts)}</text>
<g transform="translate(${shift} ${margin + heading})">
${inOrder(shapes).map(drawn).join("\n")}
</g>
</svg>
`;
}

function sizesOf({ spec }: Drawn): string {
  const layersOf = (layers: number): string => `${layers} ${layers === 1 ? "layer" : "layers"}`;
  if (spec.kind === "image-encoder") {
    const { layers, width, image, patch } = spec;
    return `${layersOf(layers)} · width ${width} · images ${image.join(" × ")} in patches ${patch.join(" × ")}`;
  }
  if (spec.kind !== "encoder-decoder")
    return `${layersOf(spec.layers)} · width ${spec.width} · context ${spec.context}`;
  const { encoder, decoder, width } = spec;
  return `${layersOf(encoder.layers)} and ${layersOf(decoder.layers)} · width ${width} · contexts ${encoder.context} and ${decoder.context}`;
}

const widthOf = ({ title, lines }: Box): number =>
  Math.max(title.length * titleWidth, ...lines.map(({ length }) => length * lineWidth));

/** What lies above comes later: frames, lines, boxes, sums, labels. */
const inOrder = (shapes: readonly Shape[]): Shape[] => {
  const depth = (shape: Shape): number => ["frame", "line", "box", "sum", "label"].findIndex((key) => key in shape);
  return shapes.toSorted((a, b) => depth(a) - depth(b));
};

function drawn(shape: Shape): string {
  if ("frame" in shape) {
    const { at, width, height, frame } = shape;
    const [x, y] = [at[0] + width - 14, at[1] + 22];
    return `<rect class="frame" ${rect(at, width, height)} rx="14"/><text class="times" x="${x}" y="${y}">${escaped(frame)}</text>`;
  }
  if ("line" in shape)
    return `<path class="line" d="${pathOf(shape.line)}"/>${shape.arrow ? head(shape.line, shape.into) : ""}`;
  if ("sum" in shape) {
    const [x, y] = shape.sum;
    return `<g class="sum"><circle cx="${x}" cy="${y}" r="9"/><path d="M${x - 4} ${y}h8M${x} ${y - 4}v8"/></g>`;
  }
  if ("label" in shape) {
    const [x, y] = shape.at;
    return `<text class="flow ${shape.beside}" x="${x + { left: -12, middle: 0, right: 8 }[shape.beside]}" y="${y + 4}">${escaped(shape.label)}</text>`;
  }
  const { at, width, height, box } = shape;
  const [x, y] = [at[0] + inset, at[1] + 24];
  const lines = box.lines.map(
    (text, i) => `<text class="detail" x="${x}" y="${y + 18 + i * lineHeight}">${escaped(text)}</text>`,
  );
  const saidBy = box.saidBy === undefined ? "" : ` data-spec="${escaped(box.saidBy)}"`;
  return `<g class="box ${box.look}"${saidBy}><rect ${rect(at, width, height)} rx="8"/><text class="title" x="${x}" y="${y}">${escaped(box.title)}</text>${lines.join("")}</g>`;
}

const rect = ([x, y]: Point, width: number, height: number): string =>
  `x="${x}" y="${y}" width="${width}" height="${height}"`;

/** A line with round corners. */
function pathOf(points: readonly Point[]): string {
  const [start, ...rest] = points as readonly [Point, ...Point[]];
  let path = `M${start.join(" ")}`;
  for (const [i, corner] of rest.entries()) {
    const next = rest[i + 1];
    if (next === undefined) return `${path}L${corner.join(" ")}`;
    path += `L${towards(corner, points[i]!).join(" ")}Q${corner.join(" ")} ${towards(corner, next).join(" ")}`;
  }
  return path;
}

/** The point that is a radius away from one, on the way to another. */
function towards([x, y]: Point, [toX, toY]: Point): Point {
  const length = Math.hypot(toX - x, toY - y);
  const share = Math.min(radius, length / 2) / length;
  return [x + (toX - x) * share, y + (toY - y) * share];
}

/** The tip of an arrow. One that ends at a sum ends at its rim. */
function head(points: readonly Point[], into: "box" | undefined): string {
  const [from, to] = points.slice(-2) as [Point, Point];
  const [dx, dy] = [Math.sign(to[0] - from[0]), Math.sign(to[1] - from[1])];
  const back = dx === 0 || into === "box" ? 0 : 10;
  const [x, y] = [to[0] - dx * back, to[1]];
  return `<path class="head" d="M${x} ${y}L${x - 7 * dx - 4 * dy} ${y - 7 * dy - 4 * dx}L${x - 7 * dx + 4 * dy} ${y - 7 * dy + 4 * dx}Z"/>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character]!);
