import { expect, test } from "vitest";

import { lossChart } from "./loss-chart.ts";
import { terminalLossChart } from "./terminal-loss-chart.ts";

const falling = (steps: number, every = Infinity): { step: number; loss: number; heldOutLoss?: number }[] =>
  Array.from({ length: steps }, (_, i) => {
    const [step, loss] = [i + 1, 1 + 3 / (1 + (20 * i) / steps) + (i % 7) / 50];
    return { step, loss, ...(step % every === 0 && { heldOutLoss: loss + step / steps }) };
  });

/** The names of the elements, in order. Throws unless every tag is closed and every text escaped. */
function elements(svg: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>/g,
    (_, end: string, name: string, __, self) => {
      if (end === "/") expect(open.pop()).toBe(name);
      else names.push(name);
      if (end === "" && self === "") open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest.replace(/&(?:amp|lt|gt|quot);/g, "")).not.toMatch(/[<>&\0]/);
  return names;
}

/** The points of the path of a class. */
function pathOf(svg: string, name: string): number[][] {
  const [, d] = svg.match(new RegExp(`<path class="${name}" d="(M[^"]*L[^"]*)"`))!;
  return d!
    .split(/[ML]/)
    .slice(1)
    .map((point) => point.split(" ").map(Number));
}

test("an SVG image: title and words first, then axes, curves and dots", () => {
  const svg = lossChart(falling(400, 100), { title: 'A <small> & "new" run\0' });
  const names = elements(svg);
  expect(names.slice(0, 5)).toEqual(["svg", "title", "desc", "style", "rect"]);
  expect(svg).toContain("<title>A &lt;small&gt; &amp; &quot;new&quot; run\ufffd</title>");
  expect(svg).toContain('role="img"');
  expect(svg).toContain("@media (prefers-color-scheme:dark)");
  expect(names.filter((name) => name === "circle").length).toBe(1 + 4); // one in the legend
  expect(svg).toContain(
    "<desc>Loss by step, from step 1 to 400. The training loss, smoothed, goes from 4.000 to 1.207. The held-out loss goes from 1.774 to 2.143; it is lowest, 1.774, at step 100.</desc>",
  );
  expect(svg).toContain(">held out 2.143 (lowest 1.774 at step 100)</text>");
});

test("the curves lie where the axes say", () => {
  const lines = [0, 1, 2, 3, 4].map((i) => ({ step: 100 * i, loss: 4 - i / 2, heldOutLoss: 3 }));
  const svg = lossChart(lines, { smoothing: 1 });
  const at = (label: string, axis: "x" | "y"): number =>
    Number(svg.match(new RegExp(`${axis}="([0-9.]+)"[^>]*>${label}</text>`))![1]!) - (axis === "y" ? 4 : 0);
  const [left, right, four, two] = [at("0", "x"), at("400", "x"), at("4.0", "y"), at("2.0", "y")];
  const middle = (four + two) / 2;
  expect(left < right && four < two).toBe(true); // pixels count from the top
  const smoothed = pathOf(svg, "smoothed");
  expect([smoothed[0], smoothed[2], smoothed[4]]).toEqual([
    [left, four],
    [(left + right) / 2, middle],
    [right, two],
  ]);
  expect(pathOf(svg, "held-out").map(([, y]) => y)).toEqual([middle, middle, middle, middle, middle]);
  expect(svg).not.toContain('class="raw"'); // it would be the same line
});

test("smoothed goes through the middle of the raw one, which is behind it", () => {
  const lines = Array.from({ length: 400 }, (_, i) => ({ step: i, loss: 2 + (i % 2) }));
  const svg = lossChart(lines, { smoothing: 50 });
  const heights = pathOf(svg, "smoothed")
    .map(([, y]) => y!)
    .slice(100);
  const raw = pathOf(svg, "raw").map(([, y]) => y!);
  const spread = (ys: number[]): number => Math.max(...ys) - Math.min(...ys);
  expect(spread(heights)).toBeLessThan(spread(raw) / 20);
  expect(svg.indexOf('class="raw"')).toBeLessThan(svg.lastIndexOf('class="smoothed"'));
});

test("a long run makes no larger file", () => {
  const svg = lossChart(falling(30_000, 10));
  expect(svg.length).toBeLessThan(90_000);
  expect(elements(svg).filter((name) => name === "circle").length).toBe(2); // in the legend, and the last one
});

test("losses of any size can be drawn", () => {
  for (const size of [0, 1e-300, 1e-9, 1e9, 1e300]) {
    const lines = falling(30, 10).map((line) => ({ step: line.step, loss: line.loss * size }));
    elements(lossChart(lines));
    expect(lossChart(lines)).not.toMatch(/NaN|Infinity/);
    expect(terminalLossChart(lines)).not.toMatch(/NaN|Infinity/);
  }
});

test("what is missing is left out", () => {
  expect(
    elements(
      lossChart([
        { step: 5, heldOutLoss: 2 },
        { step: 1, loss: Number.NaN },
      ]),
    ),
  ).toContain("circle");
  expect(lossChart([{ step: 1, loss: 2 }])).not.toContain("held out");
  expect(lossChart([{ step: 1, loss: 2, heldOutLoss: Infinity }])).not.toContain("held out");
  for (const draw of [lossChart, terminalLossChart]) {
    expect(() => draw([{ step: 1, loss: Number.NaN }, { step: 2 }])).toThrow(
      `${draw.name}: there is no loss to show: none of the 2 lines has a finite loss or heldOutLoss`,
    );
    expect(() => draw([{ step: 1, loss: 1 }], { smoothing: 0 })).toThrow(
      `${draw.name}: smoothing must be a whole number from 1 up, got 0`,
    );
    expect(() => draw([{ step: 1, loss: 1 }], { width: 39 })).toThrow(
      /: width must be a whole number from \d+ up, got 39$/,
    );
    expect(() => draw([{ step: 1, loss: 1 }], { height: 3.5 })).toThrow("height must be a whole number from");
  }
});

test("in a terminal: dots of Braille, marks, axes and legend", () => {
  const lines = falling(100, 25);
  expect(terminalLossChart(lines, { width: 44, height: 6 }).split("\n")).toEqual([
    "4 ┤⠱⡀",
    "  │ ⠑⢄",
    "  │   ⠱⢄⣀                        ●         ●",
    "2 ┤     ⠈⠉⠒⠒⠢●⠤⠤⠤⢄⣀⣀⣀⣀⣀●⣀⣀⡀ ⣀",
    "  │                       ⠈⠉ ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉",
    "0 ┤",
    "  └────────────────────┬───────────────────┬",
    "                      50                 100",
    "⠒⠒ training 1.193 (smoothed)",
    "● held out 2.164  (lowest 1.778 at step 50)",
  ]);
  expect(terminalLossChart(lines, { width: 44, height: 6, characters: "ascii" }).split("\n")).toEqual([
    "4 +*",
    "  | **",
    "  |  ****                        o         o",
    "2 +      ****o*********o********************",
    "  |                                        *",
    "0 +",
    "  +--------------------+-------------------+",
    "                      50                 100",
    "** training 1.193 (smoothed)",
    "o held out 2.164  (lowest 1.778 at step 50)",
  ]);
  expect(() => terminalLossChart(lines, { characters: "blocks" as "ascii" })).toThrow(
    'terminalLossChart: characters must be "braille" or "ascii", got "blocks"',
  );
});

test("no line of a terminal is too long or ends in a space, and ASCII is ASCII", () => {
  for (const [steps, every] of [
    [1, 1],
    [2, 1],
    [9, 2],
    [500, 3],
    [5000, 100],
  ] as const) {
    for (let width = 40; width < 130; width += 7) {
      for (const characters of ["ascii", "braille"] as const) {
        const text = terminalLossChart(falling(steps, every), { width, height: 4 + (width % 9), characters });
        for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
        expect(text).not.toMatch(/ $/m);
        if (characters === "ascii") expect(text).toMatch(/^[ -~\n]*$/);
      }
    }
  }
});
