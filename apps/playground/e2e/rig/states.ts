import { fileURLToPath } from "node:url";

import type { Page } from "playwright";

import { greedyText, modelOpen, openFiles } from "./running.ts";
import { plan } from "./training.ts";

/** A state of the page that is worth to be looked at: where to go, and what to do there before. */
export interface PageState {
  readonly place: string;
  prepare(page: Page): Promise<void>;
}

const story = /950,272/;

const assembled = async (page: Page): Promise<void> => {
  await page.getByRole("region", { name: "How the model is wired" }).locator("svg").waitFor();
  await page.getByText("FLOPs per new token").waitFor();
};
const assembling = (prepare: (page: Page) => Promise<void>): PageState => ({
  place: "assemble",
  async prepare(page) {
    await assembled(page);
    await prepare(page);
  },
});
const result = (tab: string): PageState =>
  assembling(async (page) => {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByText(/^(Printing|Counting) …$/).waitFor({ state: "detached" });
  });

const running = (task: string, prepare: (page: Page) => Promise<void>): PageState => ({
  place: `run?task=${task}`,
  async prepare(page) {
    await modelOpen(page, story);
    await prepare(page);
  },
});
const withEncoder = (prepare: (page: Page) => Promise<void>): ((page: Page) => Promise<void>) => {
  return async (page) => {
    await page.getByLabel("Model", { exact: true }).selectOption("shipped:story-encoder");
    await modelOpen(page, /^A BERT/);
    await prepare(page);
  };
};

const looking = (tab: string): PageState => ({
  place: "look-inside",
  async prepare(page) {
    await modelOpen(page, story);
    await page.getByLabel("What is inside").getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel").getByRole("heading").first().waitFor();
    await page.waitForFunction(() => !document.body.innerText.includes("Looking inside …"));
  },
});

const training = async (page: Page): Promise<void> => {
  await plan(page, { name: "pictured", stories: 200, steps: 120 });
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText("Finished, all 120 steps").waitFor({ timeout: 60_000 });
};

/** The states, by name. */
export const states: Readonly<Record<string, PageState>> = {
  "assemble-wiring": assembling(() => Promise.resolve()),
  "assemble-costs": result("Costs"),
  "assemble-typescript": result("TypeScript"),
  "assemble-json": result("JSON"),
  "assemble-full-size": assembling(async (page) => {
    await page.getByLabel("Begin with").selectOption({ label: "T5 small" });
    await page
      .getByText(/^60\.5 million/)
      .first()
      .waitFor();
  }),
  "assemble-unsound": assembling(async (page) => {
    const form = page.getByRole("form", { name: "The model's parts" });
    await form.getByLabel("Width", { exact: true }).first().fill("65");
    await page.getByText("This cannot be assembled.").waitFor();
  }),
  "train-plan": {
    place: "train",
    async prepare(page) {
      await page.getByText("More settings").click();
    },
  },
  "train-run": { place: "train", prepare: training },
  "train-kept": {
    place: "train",
    async prepare(page) {
      await training(page);
      await page.getByRole("button", { name: "Another run" }).click();
      await page.getByRole("heading", { name: "Runs in this browser" }).waitFor();
    },
  },
  "run-write": running("write", async (page) => {
    await greedyText(page, "One dark night, Mia the fox", 60);
    await page.getByRole("toolbar", { name: "The text, token by token" }).getByRole("button").nth(5).click();
    await page.getByRole("dialog").waitFor();
    await page.getByRole("region", { name: "The distribution, stage by stage" }).waitFor();
  }),
  "run-fill": running(
    "fill",
    withEncoder((page) => page.getByRole("heading", { name: "Mask 1" }).waitFor()),
  ),
  "run-similarity": running(
    "similarity",
    withEncoder((page) => page.getByRole("heading", { name: "Cosines of their vectors" }).waitFor()),
  ),
  "run-compare": running("compare", async (page) => {
    await page
      .getByText(/is being tried/)
      .first()
      .waitFor({ state: "detached" });
    for (const title of ["gpu.js, WebGPU", "gpu.js, WebGL2"])
      await page.getByRole("checkbox", { name: title }).uncheck();
    await page.getByLabel("Tokens", { exact: true }).fill("5");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByText("goes on computing").waitFor();
  }),
  "run-refused": running("write", async (page) => {
    await openFiles(page, fileURLToPath(import.meta.url));
    await page.getByRole("alert").getByText("there is no model in what was dropped").waitFor();
  }),
  "look-attention": looking("Attention"),
  "look-stream": looking("Residual stream"),
  "look-lens": looking("Logit lens"),
  "look-ablate": looking("Ablate"),
  "look-patch": looking("Patch"),
  "look-positions": looking("Positions"),
};
