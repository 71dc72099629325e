import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Spec } from "@tenon/models";

/** How many edits can be taken back. */
const most = 200;

/** A spec that is being edited, every edit of which can be taken back. */
export class SpecHistory {
  readonly #past = signal<readonly Spec[]>([]);
  readonly #future = signal<readonly Spec[]>([]);
  readonly #spec;
  /** What was edited last: typing in one field is one edit. */
  #field: string | undefined;

  readonly canUndo: ReadonlySignal<boolean> = computed(() => this.#past.value.length > 0);
  readonly canRedo: ReadonlySignal<boolean> = computed(() => this.#future.value.length > 0);

  constructor(spec: Spec) {
    this.#spec = signal(spec);
  }

  get spec(): ReadonlySignal<Spec> {
    return this.#spec;
  }

  /** Takes another spec; edits of the same `field` one after the other are one. */
  edit(spec: Spec, field?: string): void {
    if (field === undefined || field !== this.#field)
      this.#past.value = [...this.#past.value, this.#spec.value].slice(-most);
    this.#field = field;
    this.#future.value = [];
    this.#spec.value = spec;
  }

  undo(): void {
    const spec = this.#past.value.at(-1);
    if (spec === undefined) return;
    this.#past.value = this.#past.value.slice(0, -1);
    this.#future.value = [this.#spec.value, ...this.#future.value];
    this.#show(spec);
  }

  redo(): void {
    const [spec, ...rest] = this.#future.value;
    if (spec === undefined) return;
    this.#past.value = [...this.#past.value, this.#spec.value];
    this.#future.value = rest;
    this.#show(spec);
  }

  #show(spec: Spec): void {
    this.#field = undefined;
    this.#spec.value = spec;
  }
}
