import { css, type Palette } from "./palette.ts";

/** A title as the name of a file. */
export const fileNameOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60) || "picture";

const margin = 16;
const titleHeight = 30;

/** A drawing as an SVG file: on the palette's paper, its title above it. */
export function standalone(drawing: SVGSVGElement, title: string, palette: Palette): string {
  const [width, height] = ["width", "height"].map((name) => Number(drawing.getAttribute(name))) as [number, number];
  const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const add = (name: string, attributes: Record<string, string | number>, text = ""): void => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.textContent = text;
    whole.append(element);
  };
  const size = { width: Math.max(width, title.length * 9) + 2 * margin, height: height + titleHeight + 2 * margin };
  for (const [key, value] of Object.entries(size)) whole.setAttribute(key, String(value));
  whole.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  add("title", {}, title);
  add("rect", { ...size, fill: css(palette.paper) });
  const font = { "font-family": "system-ui, sans-serif", "font-size": 16, "font-weight": 600 };
  add("text", { x: margin, y: margin + 16, fill: css(palette.ink), ...font }, title);
  const inner = drawing.cloneNode(true) as SVGSVGElement;
  inner.setAttribute("x", String(margin));
  inner.setAttribute("y", String(margin + titleHeight));
  whole.append(inner);
  return new XMLSerializer().serializeToString(whole);
}

/** An SVG file as a PNG, in twice its size. */
export async function pngOf(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.naturalWidth, 2 * image.naturalHeight];
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvasPng(canvas);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What a canvas shows, as a PNG. */
export async function canvasPng(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob !== null) return blob;
  throw new Error("The browser could not make a picture so large. Save it as SVG, or show fewer tokens.");
}
