import { dequantizeWeights, Linear, Parameter, Part, quantizeWeights } from "@tenon/nn";
import { cpu, isTenonError, random, tensor, type TenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { encodeTensor } from "./encode.ts";
import { loadParameters } from "./load-parameters.ts";
import { parseSafetensors, type SafetensorsFile } from "./parse.ts";
import { saveParameters } from "./save-parameters.ts";
import { serializeSafetensors, type TensorEntries } from "./serialize.ts";

class Pair extends Part {
  readonly weight: Parameter = new Parameter([2, 3], () => Float32Array.of(1, 2, 3, 4, 5, 6));
  readonly bias: Parameter = new Parameter([2], () => Float32Array.of(0.1, -1e6));
}

class Tied extends Part {
  readonly input: Pair = new Pair();
  readonly output: Pair = this.input;
}

const file = (entries: TensorEntries): SafetensorsFile =>
  parseSafetensors(serializeSafetensors(entries), { name: "m.safetensors" });
const floats = (...shape: number[]): ReturnType<typeof encodeTensor> =>
  encodeTensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

function refused(work: () => void): TenonError {
  try {
    work();
  } catch (error) {
    if (isTenonError(error, "CheckpointError")) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

test("what is saved is loaded, before and after placement", async () => {
  const saved = parseSafetensors(await saveParameters(new Pair(), { metadata: { spec: "{}" } }));
  expect(saved.metadata.spec).toBe("{}");
  expect([...saved.tensors.keys()]).toEqual(["bias", "weight"]);
  for (const placed of [false, true]) {
    const model = new Pair();
    if (placed) await model.to(cpu());
    model.weight.assign(new Float32Array(6));
    loadParameters(model, saved);
    expect(await model.weight.host()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(await model.bias.host()).toEqual(Float32Array.of(0.1, -1e6));
    model[Symbol.dispose]();
  }
});

test("tied parameters are stored once and stay tied", async () => {
  const model = new Tied();
  const saved = parseSafetensors(await saveParameters(model));
  expect([...saved.tensors.keys()]).toEqual(["input.bias", "input.weight"]);
  model.output.weight.assign(new Float32Array(6));
  loadParameters(model, saved);
  expect(model.output.weight).toBe(model.input.weight);
  expect(await model.output.weight.host()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
});

test("a smaller storage rounds, and refuses what overflows it unless told otherwise", async () => {
  const brain = parseSafetensors(await saveParameters(new Pair(), { storage: "BF16" }));
  expect(brain.tensors.get("bias")!.dtype).toBe("BF16");
  const model = new Pair();
  loadParameters(model, brain);
  expect((await model.bias.host())[0]).toBe(0.10009765625);
  await expect(saveParameters(new Pair(), { storage: "F16" })).rejects.toThrow(
    'tensor "bias": element 1 is -1000000, beyond ±65504',
  );
  const half = parseSafetensors(await saveParameters(new Pair(), { storage: "F16", overflow: "saturate" }));
  expect(half.tensors.get("bias")!.toFloat32()[1]).toBe(-65504);
});

test("parameters in double precision are saved as F32", async () => {
  const model = new Pair();
  await model.to(cpu({ precision: "f64" }));
  const saved = parseSafetensors(await saveParameters(model));
  expect(saved.tensors.get("bias")!.dtype).toBe("F32");
  loadParameters(model, saved);
  expect((await model.bias.host())[0]).toBeCloseTo(0.1, 7);
  model[Symbol.dispose]();
});

test("one error lists all that does not fit, and nothing is assigned", async () => {
  const model = new Pair();
  const error = refused(() =>
    loadParameters(
      model,
      file([
        ["weight", floats(3, 2)],
        ["weights", floats(2, 3)],
        ["other", floats(1)],
      ]),
    ),
  );
  expect(error.message).toBe(
    `m.safetensors does not fit the model, and nothing was loaded:
  1 missing from the file:
    "bias"
  2 in the file but not in the model:
    "other"
    "weights"
  1 not fitting:
    "weight": the model has shape [2, 3], the file [3, 2]
Assemble the model from the spec that the file was saved with, or choose another file.`,
  );
  expect(error.fields).toEqual({
    file: "m.safetensors",
    missing: ["bias"],
    unexpected: ["other", "weights"],
    unfitting: ['"weight": the model has shape [2, 3], the file [3, 2]'],
  });
  refused(() =>
    loadParameters(
      model,
      file([
        ["weight", floats(2, 3)],
        ["bias", floats(3)],
      ]),
    ),
  );
  expect(await model.weight.host()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
});

test("a dtype that a parameter does not take is refused by name, with nothing assigned", async () => {
  const model = new Pair();
  const error = refused(() =>
    loadParameters(
      model,
      file([
        ["weight", floats(2, 3)],
        ["bias", encodeTensor(Int32Array.of(1, 2), [2])],
      ]),
    ),
  );
  expect(error.message).toContain(
    'm.safetensors: tensor "bias" has dtype I32; toFloat32() reads F32, F16, BF16 and F64.',
  );
  expect(await model.weight.host()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
});

test("a long list is cut, a number says by how much", () => {
  const many = Array.from({ length: 100 }, (_, i) => [`extra.${String(i).padStart(2, "0")}`, floats(1)] as const);
  const error = refused(() => loadParameters(new Pair(), file(many)));
  expect(error.message).toContain('100 in the file but not in the model:\n    "extra.00"\n');
  expect(error.message).toContain('"extra.07"\n    and 92 more\n');
  expect(error.fields.unexpected).toHaveLength(100);
});

test.each([8, 4] as const)("weights in levels of %d bits are stored as levels, and load into such", async (bits) => {
  const on = cpu();
  const layer = async (seed: number): Promise<Linear> =>
    new Linear({ input: 32, output: 6, random: random(seed) }).to(on);
  const [saved, loaded] = [await layer(1), await layer(2)];
  await quantizeWeights(saved, { bits, group: 16 });
  const bytes = parseSafetensors(await saveParameters(saved), { name: "levels.safetensors" });
  expect([...bytes.tensors.values()].map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual(
    expect.arrayContaining([
      ["weight", bits === 8 ? "I8" : "U8", bits === 8 ? [6, 32] : [6, 16]],
      ["weight.scales", "F32", [6, 2]],
      ["bias", "F32", [6]],
    ]),
  );
  const { fields } = refused(() => loadParameters(loaded, bytes));
  expect(fields["unexpected"]).toEqual(["weight.scales"]);

  await quantizeWeights(loaded, { bits, group: 16 });
  loadParameters(loaded, bytes);
  const x = tensor(
    Array.from({ length: 32 }, (_, i) => i / 8 - 2),
    [1, 32],
    on,
  );
  expect(await loaded.forward(x).read()).toEqual(await saved.forward(x).read());

  const plain = parseSafetensors(await saveParameters(await layer(3)), { name: "plain.safetensors" });
  const { message } = refused(() => loadParameters(loaded, plain));
  if (bits === 8)
    expect(message).toContain(
      '"weight": the model holds it in levels, q8, the file in F32; dequantizeWeights() of the model gives it numbers',
    );
  await dequantizeWeights(loaded);
  loadParameters(loaded, plain);
});
