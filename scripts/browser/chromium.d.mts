export interface Chromium {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}
export function findChromium(root: string): Chromium;
export function findChromium(root: string, options: { download: boolean }): Chromium | undefined;
export function downloadedChromium(root: string): Chromium;
