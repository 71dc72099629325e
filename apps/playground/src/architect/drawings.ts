/** Pictures and code of specs. What makes them is loaded when it is asked for. */
export class Drawings {
  /** The wiring as SVG. Throws `ConfigError` for what cannot be assembled, and for recurrent translators. */
  async diagram(spec: unknown): Promise<string> {
    const { diagram } = await import("./diagram.ts");
    return diagram(spec).svg;
  }

  /** The model as TypeScript. Throws as {@link diagram} does. */
  async typeScript(spec: unknown): Promise<string> {
    const { toTypeScript } = await import("./to-typescript.ts");
    return toTypeScript(spec);
  }
}
