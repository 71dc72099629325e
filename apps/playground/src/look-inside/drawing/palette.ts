import { type ReadonlySignal, signal } from "@preact/signals";

/** Red, green and blue from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The colours of styles/tokens.css that drawings are made of. */
export interface Palette {
  readonly paper: Colour;
  readonly ink: Colour;
  readonly quiet: Colour;
  readonly edge: Colour;
  readonly hidden: Colour;
  readonly accent: Colour;
  readonly counter: Colour;
  readonly focus: Colour;
}

const names = {
  paper: "--raised",
  ink: "--ink",
  quiet: "--quiet",
  edge: "--edge",
  hidden: "--sunken",
  accent: "--series-1",
  counter: "--series-2",
  focus: "--focus",
} as const;

/** The colours as the theme has them now. */
export function paletteNow(): Palette {
  const probe = document.createElement("span");
  document.body.append(probe);
  const resolved = (name: string): Colour => {
    probe.style.color = `var(${name})`;
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue];
  };
  const found = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, resolved(name)]));
  probe.remove();
  return found as unknown as Palette;
}

/** The colours of the light theme on white, whichever is shown. The document has that theme for as long as they are read: nothing is painted meanwhile. */
export function paletteOnWhite(): Palette {
  const { dataset } = document.documentElement;
  const shown = dataset["theme"];
  dataset["theme"] = "light";
  try {
    return { ...paletteNow(), paper: [255, 255, 255] };
  } finally {
    if (shown === undefined) delete dataset["theme"];
    else dataset["theme"] = shown;
  }
}

let followed: ReadonlySignal<Palette> | undefined;

/** The colours of the theme, which change with it. */
export function palette(): ReadonlySignal<Palette> {
  if (followed !== undefined) return followed;
  const colours = signal(paletteNow());
  const update = (): void => void (colours.value = paletteNow());
  new MutationObserver(update).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
  followed = colours;
  return followed;
}

/** As SVG and canvas take it. */
export const css = ([red, green, blue]: Colour): string =>
  `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)})`;
