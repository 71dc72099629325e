import { rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import type { Pretrained } from "@tenon/pretrained";

import { pretrainedPackage } from "../model/pretrained-package.ts";
import type { Run } from "./run.ts";

/** The whole model, as Hugging Face's transformers load it. */
const wholeName = "hugging-face";
/** The adapters of a run with --lora-rank, as PEFT loads them. */
const adapterName = "adapter";

/** Saves a model that was trained from one of others as Hugging Face's transformers load it, into a folder of the run's. */
export async function saveWhole(run: Run, folder: string): Promise<void> {
  const pretrained = await pretrainedOf(run);
  if (pretrained === undefined) return;
  const { savePretrained } = await pretrainedPackage();
  const { folder: files } = await import("@tenon/pretrained/node");
  await savePretrained(pretrained, files(join(folder, wholeName)));
}

/** Where {@link saveWhole} left what a model's file holds, if it did: adapters that are trained beside that are no use beside its original. */
export async function wholeBeside(file: string): Promise<string | undefined> {
  const whole = resolve(dirname(file), wholeName);
  return (await stat(join(whole, "config.json")).catch(() => undefined)) && whole;
}

/** Saves the adapters of such a model, too, where it has some. */
export async function saveAdapters(run: Run, folder: string): Promise<void> {
  const pretrained = await pretrainedOf(run);
  if (pretrained === undefined || run.lora === undefined) return;
  const { saveLora } = await pretrainedPackage();
  const { folder: files } = await import("@tenon/pretrained/node");
  // A run that replaces what it began with leaves no original.
  const name = run.options.origin?.name;
  const base = name === resolve(folder, wholeName) ? undefined : name;
  await saveLora(pretrained, files(join(folder, adapterName)), { base });
}

/** Throws `ConfigError` where the adapters could not be saved so in the end: better now than after an hour of training. */
export async function expectSavable(run: Run): Promise<void> {
  const pretrained = await pretrainedOf(run);
  if (pretrained === undefined || run.lora === undefined) return;
  const { filesInMemory, saveLora } = await pretrainedPackage();
  await saveLora(pretrained, filesInMemory(new Map()));
}

/** What makes such folders of an earlier run loadable goes, so that nobody takes them for this one's. */
export async function clearFolders(folder: string): Promise<void> {
  for (const path of [join(wholeName, "config.json"), join(adapterName, "adapter_config.json")])
    await rm(join(folder, path), { force: true });
}

async function pretrainedOf({ options: { origin }, model, tokenizer }: Run): Promise<Pretrained | undefined> {
  if (origin === undefined) return undefined;
  const { asPretrained } = await pretrainedPackage();
  return asPretrained({ model, tokenizer, origin });
}
