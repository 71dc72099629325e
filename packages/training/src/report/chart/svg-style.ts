// Written out for both themes, without custom properties: what is not a browser shows the light one.
const light = {
  paper: "#ffffff",
  ink: "#1f2328",
  muted: "#59636e",
  grid: "#e4e8ec",
  training: "#2563c9",
  heldOut: "#c4500b",
};
const dark = {
  paper: "#0d1117",
  ink: "#e6edf3",
  muted: "#9198a1",
  grid: "#262c34",
  training: "#79adff",
  heldOut: "#ffa657",
};

/** The rules of a chart, for what stands below the class `tenon-loss`, so that a page around it keeps its own. */
export const svgStyle: string = [
  ".tenon-loss{font:12px system-ui,-apple-system,'Segoe UI',sans-serif;font-variant-numeric:tabular-nums;max-width:100%;height:auto}",
  ".tenon-loss path{fill:none;stroke-linejoin:round;stroke-linecap:round}",
  ".tenon-loss .title{font-size:16px;font-weight:600}",
  ".tenon-loss .raw{stroke-width:1;stroke-opacity:.3}",
  ".tenon-loss .smoothed{stroke-width:2}",
  ".tenon-loss .held-out{stroke-width:1.5}",
  ...colours(light),
  `@media (prefers-color-scheme:dark){${colours(dark).join("")}}`,
].join("\n");

function colours({ paper, ink, muted, grid, training, heldOut }: typeof light): string[] {
  return [
    `.tenon-loss .paper{fill:${paper}}`,
    `.tenon-loss text{fill:${muted}}`,
    `.tenon-loss .title,.tenon-loss .key{fill:${ink}}`,
    `.tenon-loss .grid{stroke:${grid}}`,
    `.tenon-loss .axis{stroke:${muted}}`,
    `.tenon-loss .raw,.tenon-loss .smoothed{stroke:${training}}`,
    `.tenon-loss .held-out{stroke:${heldOut}}`,
    `.tenon-loss .dot{fill:${heldOut};stroke:${paper};stroke-width:1.5}`,
  ];
}
