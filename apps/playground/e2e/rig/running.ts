import type { Page } from "playwright";

/** Waits until a model is open and its panel is there. */
export async function modelOpen(page: Page, about: string | RegExp): Promise<void> {
  await page.getByLabel("The model and what computes it").getByRole("status").getByText(about).waitFor();
  await page.getByRole("tablist", { name: /^What to (do with the model|look at)$/ }).waitFor();
}

/** Opens files or a folder in the model bar. */
export async function openFiles(page: Page, paths: string | string[], of: "files" | "folder" = "files"): Promise<void> {
  await page.getByLabel("Model", { exact: true }).selectOption("files");
  const input = page.locator(of === "files" ? "input[type=file][multiple]" : "input[type=file][webkitdirectory]");
  await input.setInputFiles(paths);
}

/** What the model writes behind `prompt` when it always takes the most probable token. */
export async function greedyText(page: Page, prompt: string, tokens: number): Promise<string> {
  const clear = page.getByRole("button", { name: "Clear", exact: true });
  if (await clear.isVisible()) await clear.click(); // so that no earlier text is taken for this one
  await page.getByText(/it ended because/).waitFor({ state: "detached" });
  await page.getByLabel("Text to continue").fill(prompt);
  await page.getByLabel("Strategy").selectOption("greedy");
  await page.getByLabel("Most tokens").fill(String(tokens));
  await page.getByRole("button", { name: "Continue the text" }).click();
  await page.getByText(/it ended because/).waitFor();
  return page.getByRole("toolbar", { name: "The text, token by token" }).innerText();
}

/** Lets another backend compute, and waits until it does. `name` is how it calls itself. */
export async function computeBy(page: Page, id: string, name: RegExp): Promise<void> {
  await page.getByLabel("Computed by").selectOption(id);
  await page.getByLabel("The model and what computes it").getByText(name).waitFor();
}
