import { Image as ImageIcon } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";

import { saveFile } from "../../interface/save-file.ts";
import { attempt } from "../../problems/problem.ts";
import { css, paletteNow } from "./palette.ts";
import { canvasPng, fileNameOf } from "./save-picture.ts";

/** A line chart that can be saved as a PNG, with its title and the names of its lines. */
export function ChartPicture({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const save = (): void =>
    void attempt("The picture could not be saved", async () => {
      const chart = place.current!.querySelector("canvas");
      if (chart === null) throw new Error("The chart is not drawn yet. Wait a moment, and try again.");
      saveFile(`${fileNameOf(title)}.png`, await canvasPng(withTitle(chart, title, linesOf(place.current!))));
    });
  return (
    <div class="chart-picture">
      <div ref={place}>{children}</div>
      <div class="row picture-buttons">
        <button type="button" class="button" onClick={save} aria-label={`Save “${title}” as PNG`}>
          <ImageIcon size={16} aria-hidden="true" /> PNG
        </button>
      </div>
    </div>
  );
}

interface Line {
  readonly name: string;
  readonly colour: string;
}

/** The names and colours of the lines, as the chart's own legend has them; the first is what runs across. */
function linesOf(place: HTMLElement): readonly Line[] {
  return [...place.querySelectorAll(".u-legend .u-series")].slice(1).map((row) => ({
    name: row.querySelector(".u-label")?.textContent ?? "",
    colour: getComputedStyle(row.querySelector(".u-marker")!).borderTopColor,
  }));
}

function withTitle(chart: HTMLCanvasElement, title: string, lines: readonly Line[]): HTMLCanvasElement {
  const scale = devicePixelRatio;
  const [margin, above] = [16 * scale, 58 * scale];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [chart.width + 2 * margin, chart.height + above + 2 * margin];
  const context = canvas.getContext("2d")!;
  const { paper, ink } = paletteNow();
  context.fillStyle = css(paper);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = css(ink);
  context.font = `600 ${16 * scale}px system-ui, sans-serif`;
  context.fillText(title, margin, margin + 16 * scale);
  context.font = `${13 * scale}px system-ui, sans-serif`;
  let x = margin;
  for (const { name, colour } of lines) {
    context.fillStyle = colour;
    context.fillRect(x, margin + 32 * scale, 18 * scale, 4 * scale);
    context.fillStyle = css(ink);
    context.fillText(name, x + 24 * scale, margin + 39 * scale);
    x += context.measureText(name).width + 48 * scale;
  }
  context.drawImage(chart, margin, margin + above);
  return canvas;
}
