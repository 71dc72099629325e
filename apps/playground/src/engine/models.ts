import { ConfigError } from "@tenon/tensor";

import type { BackendId } from "../backends/backend-id.ts";
import { type Computing, makeBackend } from "../backends/make-backend.ts";
import type { Turns } from "../workers/turns.ts";
import { infoOf } from "./info-of.ts";
import type { BackendInfo, ModelInfo, OpenProgress } from "./model-info.ts";
import type { ModelSource } from "./model-source.ts";
import { openModel } from "./open-model.ts";
import type { OpenModel } from "./opened-model.ts";

/** The model that is open, and what computes it. */
export class Models {
  readonly #turns: Turns;
  #computing: Computing | undefined;
  #open: OpenModel | undefined;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /**
   * Opens a model in the place of the one before, which stays when this fails. Throws `CheckpointError` for files that hold no model that Tenon
   * knows, `ConfigError` for a spec that cannot be assembled, and `BackendError` for a backend that does not work here.
   */
  open(source: ModelSource, backend: BackendId, progress?: (progress: OpenProgress) => void): Promise<ModelInfo> {
    return this.#turns.take(async () => {
      await this.#compute(backend);
      const opened = await openModel(source, this.#computing!.backend, progress);
      this.#open?.model[Symbol.dispose]();
      this.#open = opened;
      return infoOf(opened);
    });
  }

  /** Moves the model to another backend. Throws `BackendError` for one that does not work here; the model then stays where it is. */
  use(backend: BackendId): Promise<BackendInfo> {
    return this.#turns.take(async () => {
      await this.#compute(backend);
      return { id: backend, name: this.#computing!.backend.name };
    });
  }

  /** The model that is open. Throws `ConfigError` when none is. */
  get current(): OpenModel {
    if (this.#open !== undefined) return this.#open;
    throw new ConfigError("no model is open. Choose one above.");
  }

  async #compute(id: BackendId): Promise<void> {
    if (this.#computing?.id === id) return;
    const next = await makeBackend(id);
    try {
      await this.#open?.model.to(next.backend);
    } catch (error) {
      // Parameters that have moved already go back to the others.
      await this.#open?.model.to(this.#computing!.backend);
      next.close();
      throw error;
    }
    this.#computing?.close();
    this.#computing = next;
  }
}
