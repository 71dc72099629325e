import type { Point } from "./loss-series.ts";

/**
 * A polyline as the `d` of an SVG path, in pixels. Of all points that fall on one column of pixels only the first, the lowest, the highest
 * and the last are drawn, which looks the same: a run of a million steps makes no larger file than one of a few thousand.
 */
export function svgPath(points: readonly Point[]): string {
  const path = thin(points)
    .map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${pixels(x)} ${pixels(y)}`)
    .join("");
  // A line of no length is drawn as a dot, by its round ends.
  return points.length === 1 ? `${path}h0` : path;
}

/** To a tenth of a pixel. */
export function pixels(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function thin(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (let start = 0; start < points.length;) {
    const column = Math.round(points[start]!.x);
    let [end, low, high] = [start, start, start];
    for (; end < points.length && Math.round(points[end]!.x) === column; end++) {
      if (points[end]!.y < points[low]!.y) low = end;
      if (points[end]!.y > points[high]!.y) high = end;
    }
    const order = [...new Set([start, low, high, end - 1])].sort((a, b) => a - b);
    kept.push(...order.map((i) => points[i]!));
    start = end;
  }
  return kept;
}
