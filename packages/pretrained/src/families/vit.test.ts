// Tiny random vision transformers that Hugging Face's transformers wrote, and what it answered with them: goldens/vit.py.
import { assemble, ImageEncoder, vit as preset } from "@tenon/models";
import { cpu, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose } from "../../test/expect-close.ts";
import { expectedOf, goldenContent, goldenFolder } from "../../test/golden-folder.ts";
import { testResaved } from "../../test/test-resaved.ts";
import { tinyLlama, zeros } from "../../test/tiny-llama.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { imagePreprocessing } from "../images/image-preprocessing.ts";
import { pixelValues } from "../images/pixel-values.ts";
import { savePretrained } from "../save-pretrained.ts";

interface Expected {
  /** Two images, RGBA. */
  readonly pixels: readonly number[];
  readonly values: readonly number[];
  readonly logits?: readonly number[];
  readonly last_hidden_state?: readonly number[];
  readonly pooler_output?: readonly number[];
}
const names = ["ViTModel", "ViTForImageClassification"] as const;
const [side, images] = [6, 2];

test.each(names)("%s: from pixels to what it answers", async (name) => {
  const { model, architecture, preprocessor } = await fromPretrained(goldenFolder(name));
  if (!(model instanceof ImageEncoder)) throw new Error(`${name} is no image encoder`);
  expect(architecture).toBe(name);
  const { pixels, values, logits, last_hidden_state, pooler_output } = expectedOf<Expected>(name);
  const each = pixels.length / images;
  const data = Array.from({ length: images }, (_, i) => Uint8ClampedArray.from(pixels.slice(i * each, (i + 1) * each)));
  const input = pixelValues(
    data.map((data) => ({ width: side, height: side, data })),
    imagePreprocessing(preprocessor!),
    model.backend,
  );
  expectClose(await input.read(), values, 1e-6);
  const result = model.forward(input);
  if (name === "ViTModel") {
    expect(result.shape).toEqual([images, 5]);
    expectClose(await result.read(), pooler_output!);
    const vectors = model.encode(input);
    expect(vectors.shape).toEqual([images, 5, 8]);
    expectClose(await vectors.read(), last_hidden_state!);
  } else {
    expect(result.shape).toEqual([images, 3]);
    expectClose(await result.read(), logits!);
  }
});

for (const name of names) testResaved(name);

test.each(names)("%s: what was beside the model is saved with it, the names of its classes, too", async (name) => {
  const content = new Map<string, Uint8Array | Blob>();
  await savePretrained(await fromPretrained(goldenFolder(name)), filesInMemory(content));
  const json = (bytes: unknown): unknown => JSON.parse(new TextDecoder().decode(bytes as Uint8Array));
  const before = goldenContent(name);
  const path = "preprocessor_config.json";
  expect(json(content.get(path))).toEqual(json(before.get(path)));
  const { id2label } = json(before.get("config.json")) as { id2label?: unknown };
  expect((json(content.get("config.json")) as { id2label?: unknown }).id2label).toEqual(id2label);
});

test("a bare model may come without a pooler, as DINO's do", async () => {
  const folder = tinyLlama("ViTModel");
  folder.tensors((tensors) => {
    for (const name of ["pooler.dense.weight", "pooler.dense.bias"]) tensors.delete(name);
  });
  const { model } = await fromPretrained(folder.files);
  if (!(model instanceof ImageEncoder)) throw new Error("no image encoder");
  expect(model.spec.head).toEqual({ kind: "none" });
  const { values, last_hidden_state } = expectedOf<Expected>("ViTModel");
  const input = tensor(Float32Array.from(values), [images, 3, side, side], model.backend);
  expectClose(await model.forward(input).read(), last_hidden_state!);
  const content = new Map<string, Uint8Array | Blob>();
  await savePretrained(model, filesInMemory(content), { family: "vit", architecture: "ViTModel" });
  expect((await fromPretrained(filesInMemory(content))).model.spec).toEqual(model.spec);
});

test("what a model was trained with besides is passed over: the pooler beside classes, classes beside a bare model", async () => {
  for (const [name, other] of [
    ["ViTForImageClassification", "vit.pooler.dense.weight"],
    ["ViTModel", "classifier.weight"],
  ] as const) {
    const folder = tinyLlama(name);
    folder.tensors((tensors) => void tensors.set(other, zeros(8, 8)));
    expect((await fromPretrained(folder.files)).architecture).toBe(name);
    folder.tensors((tensors) => void tensors.set("decoder.weight", zeros(8, 8)));
    await expect(fromPretrained(folder.files)).rejects.toThrow(`"decoder.weight"`);
  }
});

const sizes = { image: [6, 6], patch: [3, 3], width: 8, layers: 1, heads: 2 } as const;
const classes = { kind: "classification", labels: 4 } as const;

test("a model of one's own is saved as a ViT, with sides of their own, too", async () => {
  for (const image of [
    [6, 6],
    [6, 9],
  ] as const) {
    const content = new Map<string, Uint8Array | Blob>();
    const model = await assemble(preset({ ...sizes, image, head: classes })).to(cpu());
    await savePretrained(model, filesInMemory(content));
    const { family, architecture, model: again } = await fromPretrained(filesInMemory(content));
    expect([family, architecture]).toEqual(["vit", "ViTForImageClassification"]);
    expect(again.spec).toMatchObject({ image, patch: [3, 3], head: classes });
  }
});

test("what ViT cannot express is named", async () => {
  const saved = async (change: object, architecture = "ViTForImageClassification"): Promise<unknown> =>
    savePretrained(
      await assemble({ ...preset({ ...sizes, head: classes }), ...change } as ReturnType<typeof preset>).to(cpu()),
      filesInMemory(new Map()),
      { family: "vit", architecture },
    ).catch((error: unknown) => (error as Error).message);
  expect(await saved({ position: { kind: "rotary" } })).toContain(
    `its position.kind is "rotary", of that family "learned"`,
  );
  expect(await saved({ residual: { kind: "post-norm" } })).toContain(`its residual.kind is "post-norm"`);
  expect(await saved({ attention: { kind: "multi-head", heads: 2, bias: false } })).toContain(
    "its attention.bias is false",
  );
  expect(await saved({ head: { kind: "none" } })).toContain(
    `its head.kind is "none", of that family "classification" as a ViTForImageClassification`,
  );
  expect(await saved({}, "ViTModel")).toContain(`of that family "pooler" or "none" as a ViTModel`);
});

test("a config that Tenon does not do is refused, naming the key", async () => {
  const loaded = async (change: Record<string, unknown>): Promise<unknown> => {
    const content = goldenContent("ViTForImageClassification");
    const config = JSON.parse(new TextDecoder().decode(content.get("config.json"))) as object;
    content.set("config.json", new TextEncoder().encode(JSON.stringify({ ...config, ...change })));
    return fromPretrained(filesInMemory(content, "folder")).catch((error: unknown) => String(error));
  };
  expect(await loaded({ qkv_bias: true })).toContain(`"vit.encoder.layer.0.attention.attention.query.bias"`);
  expect(await loaded({ image_size: [6, 6, 3] })).toContain(
    `"image_size": expected a whole number from 1 up, or a list of height and width; got [6,6,3]`,
  );
  expect(await loaded({ image_size: "large" })).toContain(`"image_size": expected a whole number from 1 up`);
  expect(await loaded({ patch_size: 4 })).toContain(
    "cannot be assembled: spec.patch: expected [height, width] in pixels that divide those of the image, got [4,4]",
  );
  expect(await loaded({ image_size: 600_000 })).toMatch(/patches is 40000000000, but the largest size of a tensor/);
  expect(await loaded({ num_labels: 7, id2label: null })).toContain(
    `"classifier.weight": the model asks for [7, 8], the checkpoint has [3, 8]`,
  );
});
