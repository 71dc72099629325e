import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright";
import { afterAll, inject, onTestFinished } from "vitest";

declare module "vitest" {
  /** What setup.mjs hands to the tests. */
  interface ProvidedContext {
    readonly chromium: { readonly program: string; readonly env: Record<string, string> };
    /** The address of the page. */
    readonly page: string;
  }
}

/** A visitor's browser, with the page open. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly browser: Browser;
  /**
   * What went wrong so far: errors in the console, errors that nobody caught, requests to other hosts. The test fails when some are left at its end, or
   * when the page still shows a problem then.
   */
  readonly complaints: string[];
  /** Takes the complaints that a test has provoked; throws when there is none. */
  readonly forgive: (expected: RegExp) => void;
}

let started: Promise<Browser> | undefined;

afterAll(async () => (await started)?.close());

/** The browser of this file's tests. */
export function browser(): Promise<Browser> {
  const { program, env } = inject("chromium");
  started ??= chromium.launch({ executablePath: program, env, args: ["--enable-unsafe-webgpu"] });
  return started;
}

/** Opens the page in a fresh profile, at `place` (`#/run`). */
export async function visit(
  place = "#/assemble",
  { at = inject("page"), ...options }: BrowserContextOptions & { readonly at?: string } = {},
): Promise<Visit> {
  const browserOfAll = await browser();
  const context = await browserOfAll.newContext({
    locale: "en-GB",
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  const { origin } = new URL(at);
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  context.on("weberror", (error) => {
    const { message, stack } = error.error();
    complaints.push(`not caught: ${message}\n${stack}`);
  });
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) complaints.push(`asked another host: ${url.href}`);
  });
  const page = await context.newPage();
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") await picture(page, task.name);
    for (const problem of await page.locator(".problem").allInnerTexts()) complaints.push(`problem: ${problem}`);
    await context.close();
    if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join("\n")}`);
  });
  await page.goto(at + place);
  const forgive = (expected: RegExp): void => {
    const others = complaints.filter((complaint) => !expected.test(complaint));
    if (others.length === complaints.length) throw new Error(`The page did not complain of ${expected}.`);
    complaints.splice(0, complaints.length, ...others);
  };
  return { page, context, browser: browserOfAll, complaints, forgive };
}

const failures = fileURLToPath(new URL("../../../../node_modules/.cache/tenon-playground/failed/", import.meta.url));

/** How the page looked when a test failed. */
async function picture(page: Page, test: string): Promise<void> {
  mkdirSync(failures, { recursive: true });
  const path = join(failures, `${test.replaceAll(/\W+/g, "-")}.png`);
  await page.screenshot({ path, timeout: 5000 }).catch(() => undefined);
  console.error(`How the page looked: ${path}`);
}
