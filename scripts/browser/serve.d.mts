export interface Server {
  readonly port: number;
  close(): void;
}
export function serve(
  places: Readonly<Record<string, string>>,
  headers: () => Readonly<Record<string, string>>,
  report: (event: unknown) => void,
): Promise<Server>;
