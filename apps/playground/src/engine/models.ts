import { describe } from "@tenon/models";
import { BackendError, ConfigError, isTenonError } from "@tenon/tensor";

import { type BackendId, backendTitles } from "../backends/backend-id.ts";
import { expectProduct } from "../backends/expect-product.ts";
import { type Computing, makeBackend } from "../backends/make-backend.ts";
import type { Turns } from "../workers/turns.ts";
import { infoOf } from "./info-of.ts";
import type { BackendInfo, Opened, OpenProgress } from "./model-info.ts";
import type { ModelSource } from "./model-source.ts";
import { openModel } from "./open-model.ts";
import type { OpenModel } from "./opened-model.ts";
import { type FileSize, mostBytes, sizeOfFiles } from "./room.ts";

/** The model that is open, and what computes it. */
export class Models {
  readonly #turns: Turns;
  readonly #make: (id: BackendId) => Promise<Computing>;
  readonly #room: number;
  #computing: Computing | undefined;
  #open: { readonly model: OpenModel; readonly source: ModelSource } | undefined;
  #opening: AbortController | undefined;

  /** `room` is how many bytes the weights of models have together, that which is open and that which is to be. */
  constructor(turns: Turns, make: (id: BackendId) => Promise<Computing> = makeBackend, room: number = mostBytes) {
    this.#turns = turns;
    this.#make = make;
    this.#room = room;
  }

  /**
   * Opens a model in the place of the one before, which stays when this fails; but where there is no room for both, that one is closed first, and `closed` is called.
   *
   * Throws `CheckpointError` for files that hold no model that Tenon knows, `ConfigError` for a spec that cannot be assembled, and `BackendError` for a backend that does not
   * work here.
   */
  open(
    source: ModelSource,
    backend: BackendId,
    progress?: (progress: OpenProgress) => void,
    closed?: () => void | Promise<void>,
  ): Promise<Opened> {
    this.cancel();
    const opening = (this.#opening = new AbortController());
    return this.#turns.take(async () => {
      const { signal } = opening;
      signal.throwIfAborted();
      const before = this.#computing;
      const on = await this.#working(backend);
      const needs = async (bytes: number): Promise<void> => {
        if (this.#open === undefined || describe(this.#open.model.model).bytes + bytes <= this.#room) return;
        this.#close();
        await closed?.();
      };
      try {
        const model = await openModel(source, on.backend, { progress, needs, signal });
        if (signal.aborted) model.model[Symbol.dispose]();
        signal.throwIfAborted();
        this.#close();
        this.#open = { model, source };
        this.#computing = on;
        if (before !== on) before?.close();
        return { info: infoOf(model), backend: { id: backend, name: on.backend.name } };
      } catch (error) {
        if (on !== before) on.close();
        throw error;
      }
    });
  }

  #close(): void {
    this.#open?.model.model[Symbol.dispose]();
    this.#open = undefined;
  }

  /** Ends the opening that is under way; the model before stays. */
  cancel(): void {
    this.#opening?.abort();
    this.#opening = undefined;
  }

  /** How large the model in files is, seen before its weights are read. Throws `CheckpointError` for a damaged file. */
  measure(files: readonly File[]): Promise<FileSize> {
    return sizeOfFiles(files);
  }

  /**
   * Moves the model to another backend. One whose backend has lost its parameters, as a graphics device does when it is reset, is opened again there. Throws `BackendError` for a
   * backend that does not work here; the model then stays where it is.
   */
  use(backend: BackendId): Promise<BackendInfo> {
    return this.#turns.take(async () => {
      const before = this.#computing;
      const next = await this.#working(backend);
      if (next !== before) await this.#to(next);
      return { id: backend, name: next.backend.name };
    });
  }

  /** Lets another backend compute while `body` runs, and the one before again after it. For those whose turn it is. */
  async on<T>(id: BackendId, body: (computing: Computing) => Promise<T>): Promise<T> {
    const before = this.#computing!;
    if (before.id === id) return body(before);
    const guest = await this.#make(id);
    try {
      await this.#move(guest);
      return await body(guest);
    } finally {
      await this.#move(before);
      guest.close();
    }
  }

  /**
   * What is behind an error: the backend in use may have broken down since, and then says so in many ways. It is made anew then, and the model opened on it
   * again, where that can be done. For those whose turn it is.
   */
  async explain(error: unknown): Promise<unknown> {
    const now = this.#computing;
    if (now === undefined || !isTenonError(error, "BackendError") || (await works(now))) return error;
    const lost = `${backendTitles[now.id]} has broken down, and the model's weights with it: ${error.message}`;
    const said = (wayOn: string): Error => new BackendError(`${lost}\n${wayOn}`, { backend: now.id }, { cause: error });
    try {
      await this.#to(await this.#make(now.id));
      return said("It was started anew, and the model opened again: try it once more.");
    } catch {
      return said("It could not be started anew. Choose another backend above, and the model is opened again there.");
    }
  }

  /** The model that is open. Throws `ConfigError` when none is. */
  get current(): OpenModel {
    if (this.#open !== undefined) return this.#open.model;
    throw new ConfigError("no model is open. Choose one above.");
  }

  /** The backend of that name: the one in use, unless that has broken down, else a new one. */
  async #working(id: BackendId): Promise<Computing> {
    const now = this.#computing;
    return now?.id === id && (await works(now)) ? now : this.#make(id);
  }

  /** Lets another backend compute from now on. */
  async #to(next: Computing): Promise<void> {
    const before = this.#computing;
    try {
      await this.#move(next);
    } catch (error) {
      next.close();
      throw error;
    }
    this.#computing = next;
    before?.close();
  }

  async #move(to: Computing): Promise<void> {
    if (this.#open === undefined) return;
    const { model, source } = this.#open;
    try {
      await model.model.to(to.backend);
    } catch (error) {
      const from = this.#computing!;
      if (from !== to && (await works(from))) {
        // Parameters that have moved already go back to the others.
        await model.model.to(from.backend);
        throw error;
      }
      this.#open = { model: await openModel(source, to.backend), source };
    }
  }
}

/** Does a backend still compute? A graphics device may be gone, with all that was on it. */
async function works({ backend }: Computing): Promise<boolean> {
  try {
    await expectProduct(backend);
    return true;
  } catch {
    return false;
  }
}
