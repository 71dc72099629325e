import type { BrowserContext } from "playwright";

/** Runs `code` in the workers whose scripts are called so, before they do anything: it takes something away that a browser may lack. */
export async function inWorkers(context: BrowserContext, script: string, code: string): Promise<void> {
  await context.route(`**/${script}*.js`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code};${await response.text()}` });
  });
}
