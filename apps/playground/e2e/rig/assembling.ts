import type { Page } from "playwright";
import { expect } from "vitest";

/** Assembles a decoder with ALiBi and SwiGLU by the form, looks at all that it comes to, and takes an edit back and again. */
export async function assembleAlibiSwiglu(page: Page): Promise<void> {
  const form = page.getByRole("form", { name: "The model's parts" });
  await form.getByRole("radio", { name: "Decoder", exact: true }).check();
  await form.locator("summary", { hasText: /^Position/ }).click();
  await form.getByLabel("Position: kind").selectOption("alibi");
  await form.locator("summary", { hasText: /^Feed forward/ }).click();
  await form.getByLabel("Feed forward: kind").selectOption("gated-mlp");
  await form.getByLabel("Activation").selectOption({ label: "silu" });

  const wiring = page.getByRole("region", { name: "How the model is wired" });
  await wiring.locator("text", { hasText: "positions: AlibiPosition" }).first().waitFor();
  await wiring.locator("text", { hasText: "GatedMLP" }).first().waitFor();
  await page.getByRole("tab", { name: "Costs" }).click();
  await page.getByRole("table").first().waitFor();
  await page.getByRole("tab", { name: "TypeScript" }).click();
  await page
    .getByRole("region", { name: "The model as TypeScript" })
    .getByText(/GatedMLP/)
    .first()
    .waitFor();
  await page.getByRole("tab", { name: "JSON" }).click();
  const json = page.getByRole("region", { name: "The spec as JSON" });
  const spec = async (): Promise<Record<string, { kind: string; activation?: string }>> =>
    JSON.parse(await json.innerText());
  const { position, feedForward } = await spec();
  expect([position!.kind, feedForward!.kind, feedForward!.activation]).toEqual(["alibi", "gated-mlp", "silu"]);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await spec())["feedForward"]!.activation).not.toBe("silu");
  await page.getByRole("button", { name: "Redo" }).click();
  await expect.poll(async () => (await spec())["feedForward"]!.activation).toBe("silu");
}
