// What checkpoints of encoders hold besides the model, what of a config is refused, and what of a spec.
import { encodeTensor, parseSafetensors, serializeSafetensors, type TensorData } from "@tenon/checkpoint";
import { assemble, bert as bertPreset, type EncoderSpec, type PartSpec } from "@tenon/models";
import { cpu, isTenonError } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { goldenContent } from "../../test/golden-folder.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { savePretrained, type SavePretrainedOptions } from "../save-pretrained.ts";

type Tensors = Map<string, TensorData>;
type Json = Record<string, unknown>;

/** A golden folder whose config, tensors or both were changed. */
function changed(
  name: string,
  change: { readonly config?: Json | undefined; readonly tensors?: (tensors: Tensors) => void },
): ReturnType<typeof filesInMemory> {
  const content = goldenContent(name);
  const config = JSON.parse(new TextDecoder().decode(content.get("config.json"))) as Json;
  content.set("config.json", new TextEncoder().encode(JSON.stringify({ ...config, ...change.config })));
  const tensors: Tensors = new Map(parseSafetensors(content.get("model.safetensors")!).tensors);
  change.tensors?.(tensors);
  content.set("model.safetensors", serializeSafetensors(tensors));
  return filesInMemory(content, "folder");
}
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => expect.fail("nothing was thrown"),
    (reason: unknown) => reason,
  );
  if (!isTenonError(error)) throw error;
  return `${error.name}: ${error.message}`;
}
const some = (...shape: number[]): TensorData =>
  encodeTensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5), shape);

describe("checkpoints", () => {
  test("with the heads and the pooler of pre-training, and with the names of old, as bert-base-uncased", async () => {
    const files = changed("BertForPreTraining", {
      config: { architectures: ["BertForMaskedLM"] },
      tensors(tensors) {
        for (const [name, tensor] of [...tensors]) {
          const old = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
          tensors.delete(name);
          tensors.set(old, tensor);
        }
        tensors.set("bert.embeddings.position_ids", some(1, 12));
        tensors.set("cls.predictions.decoder.weight", tensors.get("bert.embeddings.word_embeddings.weight")!);
        tensors.set("cls.predictions.decoder.bias", tensors.get("cls.predictions.bias")!);
      },
    });
    const { model } = await fromPretrained(files);
    const whole = await fromPretrained(changed("BertForPreTraining", {}));
    for (const [path, parameter] of model.parameters()) {
      const there = path.replace(/^head\./, "head.words.");
      expect(await parameter.host(), path).toEqual(await whole.model.parameters().get(there)!.host());
    }
  });

  test("that hold another table for the output than for the tokens are refused", async () => {
    const files = changed("BertForMaskedLM", {
      tensors: (tensors) => void tensors.set("cls.predictions.decoder.weight", some(29, 8)),
    });
    expect(await refusal(fromPretrained(files))).toContain("the checkpoint has different numbers for them");
  });

  test("of the bare model, under the longer names of a model with a head", async () => {
    const files = changed("BertModel", {
      tensors(tensors) {
        for (const [name, tensor] of [...tensors]) {
          tensors.delete(name);
          tensors.set(`bert.${name}`, tensor);
        }
      },
    });
    const { model } = await fromPretrained(files);
    expect(model.parameters().has("head.transform.weight")).toBe(true);
  });

  test.each([
    ["RobertaForMaskedLM", "roberta.pooler.dense.weight"],
    ["RobertaForTokenClassification", "lm_head.dense.weight"],
    ["DistilBertForSequenceClassification", "vocab_transform.weight"],
    ["AlbertForMaskedLM", "sop_classifier.classifier.weight"],
    ["AlbertForQuestionAnswering", "predictions.dense.weight"],
    ["BertForTokenClassification", "cls.predictions.bias"],
  ])("of %s may hold %s, which it lacks", async (name, tensor) => {
    const files = changed(name, { tensors: (tensors) => void tensors.set(tensor, some(8)) });
    await fromPretrained(files);
    const stranger = changed(name, { tensors: (tensors) => void tensors.set("adapter.weight", some(8)) });
    expect(await refusal(fromPretrained(stranger))).toContain(
      'in the checkpoint but not in the model:\n    "adapter.w',
    );
  });

  test("without one of its own are refused", async () => {
    const files = changed("AlbertForPreTraining", {
      tensors: (tensors) => void tensors.delete("sop_classifier.classifier.weight"),
    });
    expect(await refusal(fromPretrained(files))).toContain('missing from the checkpoint:\n    "sop_classifier.class');
  });
});

describe("configs", () => {
  const told = (name: string, config: Json): Promise<string> => refusal(fromPretrained(changed(name, { config })));

  test("with what Tenon does not do are refused by its key", async () => {
    for (const [name, config, says] of [
      ["BertModel", { is_decoder: true }, '"is_decoder": expected false, the only value that Tenon does; got true'],
      ["BertModel", { position_embedding_type: "relative_key" }, '"position_embedding_type": expected "absolute"'],
      ["RobertaModel", { add_cross_attention: true }, '"add_cross_attention": expected false'],
      ["BertForMaskedLM", { tie_word_embeddings: false }, '"tie_word_embeddings": expected true'],
      ["DistilBertForMaskedLM", { tie_word_embeddings: false }, '"tie_word_embeddings": expected true'],
      ["AlbertModel", { inner_group_num: 2 }, '"inner_group_num": expected 1'],
      ["AlbertModel", { embedding_size: 8 }, '"embedding_size": expected another size than hidden_size'],
      ["AlbertModel", { num_hidden_groups: 3 }, "spec.layerGroups: 3 groups do not divide 4 layers"],
      ["RobertaModel", { max_position_embeddings: 2 }, '"max_position_embeddings": expected more than 2, pad_token_id'],
      ["BertModel", { architectures: ["BertLMHeadModel"] }, '"architectures": expected one of BertForMaskedLM, BertM'],
      ["BertModel", { hidden_act: "xielu" }, '"hidden_act": expected one of gelu'],
    ] as const) {
      expect(await told(name, config), JSON.stringify(config)).toContain(says);
    }
  });

  test("with absurd sizes are refused before anything is made", async () => {
    for (const config of [
      { max_position_embeddings: 2 ** 31 - 1 },
      { type_vocab_size: 2 ** 31 - 1 },
      { id2label: null, num_labels: 2 ** 31 - 1 },
    ]) {
      expect(await told("BertForSequenceClassification", config)).toContain("but the largest size of a tensor in");
    }
  });

  test("of classifiers say how many classes there are by name or by number, two unless told", async () => {
    const labels = async (config: Json): Promise<unknown> => {
      const rows = (count: number) => (tensors: Tensors) => {
        tensors.set("classifier.weight", some(count, 8));
        tensors.set("classifier.bias", some(count));
      };
      for (const count of [2, 3, 4]) {
        const files = changed("BertForSequenceClassification", { config, tensors: rows(count) });
        const loaded = await fromPretrained(files).catch(() => undefined);
        if (loaded !== undefined) return count;
      }
      return undefined;
    };
    expect(await labels({})).toBe(3);
    expect(await labels({ id2label: null, num_labels: 4 })).toBe(4);
    expect(await labels({ id2label: null })).toBe(2);
  });

  test("of classifiers have a dropout of their own, or the model's", async () => {
    const rate = async (name: string, config: Json): Promise<unknown> => {
      const { model } = await fromPretrained(changed(name, { config }));
      const part = model.parts().get("head.dropout") as unknown as { readonly rate: number };
      return part.rate;
    };
    const dropouts = { hidden_dropout_prob: 0.25, classifier_dropout: null };
    expect(await rate("BertForSequenceClassification", dropouts)).toBe(0.25);
    expect(await rate("RobertaForTokenClassification", { ...dropouts, classifier_dropout: 0.5 })).toBe(0.5);
    expect(await rate("BertForQuestionAnswering", { ...dropouts, classifier_dropout: 0.5 })).toBe(0);
    expect(await rate("DistilBertForSequenceClassification", { dropout: 0.25, seq_classif_dropout: 0.5 })).toBe(0.5);
    expect(await rate("DistilBertForTokenClassification", { dropout: 0.25 })).toBe(0.25);
    expect(await rate("DistilBertForQuestionAnswering", { dropout: 0.25, qa_dropout: 0.5 })).toBe(0.5);
    expect(await rate("AlbertForTokenClassification", { classifier_dropout_prob: 0.5 })).toBe(0.5);
  });
});

describe("specs", () => {
  const spec = bertPreset({ vocabulary: 11, context: 8, width: 8, layers: 2, heads: 2 });
  const saved = async (change: Partial<EncoderSpec>, options?: SavePretrainedOptions): Promise<unknown> => {
    const content = new Map<string, Uint8Array | Blob>();
    await savePretrained(await assemble({ ...spec, ...change }).to(cpu()), filesInMemory(content), options);
    const { architectures } = JSON.parse(new TextDecoder().decode(content.get("config.json") as Uint8Array)) as {
      architectures: string[];
    };
    return architectures[0];
  };

  test("alone are saved as the class that has their head", async () => {
    const heads: [PartSpec, string][] = [
      [{ kind: "masked-language" }, "ForMaskedLM"],
      [{ kind: "pooler" }, "Model"],
      [{ kind: "pre-training" }, "ForPreTraining"],
      [{ kind: "classification", labels: 2 }, "ForSequenceClassification"],
      [{ kind: "token-classification", labels: 2 }, "ForTokenClassification"],
    ];
    for (const [head, task] of heads) expect(await saved({ head })).toBe(`Bert${task}`);
    expect(
      await saved({ head: { kind: "classification", labels: 2 } }, { architecture: "BertForNextSentencePrediction" }),
    ).toBe("BertForNextSentencePrediction");
  });

  test("alone are saved as the family that can express them", async () => {
    expect(await saved({ position: { kind: "learned", reserved: 2 }, segments: 1 })).toBe("RobertaForMaskedLM");
    expect(await saved({ segments: 0 })).toBe("DistilBertForMaskedLM");
    expect(await saved({ tokens: { width: 4 }, layerGroups: 1 })).toBe("AlbertForMaskedLM");
  });

  test("that a family cannot express are refused, with what stands in the way", async () => {
    const bad = (change: Partial<EncoderSpec>, family = "bert"): Promise<string> => refusal(saved(change, { family }));
    expect(await bad({ position: { kind: "rotary" } })).toBe(
      'ConfigError: the family "bert" cannot express this spec: its position.kind is "rotary", of that family "learned". Save it as another family, or with saveParameters() in Tenon\'s own names.',
    );
    expect(await bad({ layerGroups: 1 })).toContain("its layerGroups is 1");
    expect(await bad({ tokens: { width: 4 } })).toContain("its tokens.width is 4");
    expect(await bad({ tokens: { scaled: true } })).toContain("its tokens.scaled is true");
    expect(await bad({ embeddingNorm: false })).toContain("its embeddingNorm is false");
    expect(await bad({ segments: 0 })).toContain("its segments is 0");
    expect(await bad({ attention: { kind: "multi-head", heads: 2, windows: [3] } })).toContain(
      "attention.windows is [3]",
    );
    expect(await bad({ position: { kind: "learned", reserved: 2 } })).toContain("its position.reserved is 2");
    expect(await bad({ head: { kind: "masked-language", activation: "relu" } })).toContain(
      'its head.activation is "relu"',
    );
    expect(await bad({}, "roberta")).toContain("its position.reserved is 0");
    expect(await bad({ segments: 2 }, "distilbert")).toContain("its segments is 2");
    expect(await bad({}, "albert")).toContain("its tokens.width is 8");
    expect(await refusal(saved({ head: { kind: "pooler" } }, { architecture: "BertForMaskedLM" }))).toContain(
      'the family "bert" has no head of the kind "pooler" in its architecture …ForMaskedLM; save it as …Model',
    );
  });
});
