import type { LoadedEncoder } from "../model/load-kind.ts";

/** What a classifier calls its classes: `id2label` of its config, or LABEL_0, LABEL_1 … as Hugging Face does. */
export function labelsOf({ model, pretrained }: LoadedEncoder): string[] {
  const names = pretrained?.config["id2label"] as Readonly<Record<string, unknown>> | undefined;
  const count = (model.spec.head?.["labels"] ?? 2) as number;
  return Array.from({ length: count }, (_, id) => {
    const name = names?.[String(id)];
    return typeof name === "string" ? name : `LABEL_${id}`;
  });
}
