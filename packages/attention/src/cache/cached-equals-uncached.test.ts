import { normal, type Initialiser } from "@tenon/nn";
import {
  AlibiPosition,
  linearScaling,
  RelativePosition,
  RotaryPosition,
  T5Bias,
  type AttentionPosition,
} from "@tenon/positional";
import { cpu, random, Scope, slice, tensor, type Random, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { kinds } from "../../test/caches.ts";
import type { Mask } from "../mask/mask.ts";
import { MultiHeadAttention } from "../multi-head-attention.ts";
import type { KeyValueCache } from "./key-value-cache.ts";

const initial: Initialiser = (from) => normal(from, 1);
const positions: Readonly<Record<string, () => AttentionPosition | undefined>> = {
  none: () => undefined,
  rotary: () => new RotaryPosition({ width: 4 }),
  "rotary, interleaved and scaled": () =>
    new RotaryPosition({ width: 4, fraction: 0.5, layout: "interleaved", scaling: linearScaling(4) }),
  ALiBi: () => new AlibiPosition({ heads: 4 }),
  "T5's bias": () => new T5Bias({ heads: 4, buckets: 8, maxDistance: 16, random: random(6), initial }),
  "relative keys and values": () =>
    new RelativePosition({ width: 4, clip: 6, values: true, random: random(7), initial }),
};

const width = 16;
const on = cpu({ precision: "f64" });
type Text = readonly (readonly number[])[]; // token vectors
const place = (rows: readonly Text[]): Tensor => tensor(rows.flat(2), [rows.length, rows[0]!.length, width], on);

/** A cache, and the text that it is to remember, for each row of the batch. */
class Session {
  rows: Text[];
  readonly cache: KeyValueCache;
  constructor(rows: Text[], cache: KeyValueCache) {
    this.rows = rows;
    this.cache = cache;
  }

  /** Goes on with t new tokens; gives the largest difference from a pass over everything. */
  async append(attention: MultiHeadAttention, mask: Mask, t: number, dice: Random): Promise<number> {
    const added = this.rows.map(() =>
      Array.from({ length: t }, () => Array.from({ length: width }, () => dice.normal())),
    );
    this.rows = this.rows.map((text, i) => [...text, ...added[i]!]);
    using scope = new Scope();
    const results = scope.run(() => [
      attention.forward(place(added), { mask, cache: this.cache }),
      slice(attention.forward(place(this.rows), { mask }), 1, this.rows[0]!.length - t, t),
    ]);
    const [cached, uncached] = await Promise.all(results.map((result) => result.read()));
    return Math.max(...uncached!.map((value, i) => Math.abs(value - cached![i]!)));
  }
  crop(length: number): void {
    this.rows = this.rows.map((text) => text.slice(0, length));
    this.cache.crop(length);
  }
  select(rows: readonly number[]): void {
    this.rows = rows.map((row) => this.rows[row]!);
    this.cache.select(rows);
  }
  fork(): Session {
    return new Session([...this.rows], this.cache.fork());
  }
}

for (const { name, make, masks, within } of kinds) {
  test.each(Object.entries(positions))(`${name}: cached equals uncached, positions: %s`, async (_, position) => {
    const dice = random(3);
    const attention = await new MultiHeadAttention({
      width,
      heads: 4,
      keyValueHeads: 2,
      position: position(),
      random: random(1),
    }).to(on);
    for (const mask of masks) {
      for (const chunks of [
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        [7, 1, 1, 2, 1, 1],
        [1, 4, 4],
        [12, 1],
        [3, 20, 1, 1],
      ]) {
        using cache = make();
        const session = new Session([[], []], cache);
        for (const t of chunks) {
          expect(await session.append(attention, mask, t, dice)).toBeLessThan(within);
          expect(cache.length).toBe(session.rows[0]!.length);
        }
      }
    }
  });

  test(`${name}: goes on as if nothing had happened after crops, selections, forks and resets in any order`, async () => {
    const position = new RotaryPosition({ width: 4 });
    const attention = await new MultiHeadAttention({ width, heads: 4, position, random: random(1) }).to(on);
    const before = on.memory().tensors; // what other tests have left may vanish meanwhile
    const made = { crop: 0, select: 0, fork: 0, reset: 0 };
    for (let seed = 0; seed < 8; seed++) {
      const dice = random(seed);
      let sessions = [new Session([[], []], make())];
      for (let step = 0; step < 14; step++) {
        const session = dice.pick(sessions);
        expect(await session.append(attention, masks[0]!, 1 + dice.integer(3), dice)).toBeLessThan(within);
        expect(session.cache.length).toBe(session.rows[0]!.length);
        const action = dice.pick(["crop", "select", "fork", "reset", "none", "none"]);
        const batch = session.rows.length;
        if (action === "crop") session.crop(session.cache.length - 1 - dice.integer(Math.min(2, session.cache.length)));
        if (action === "select") session.select(Array.from({ length: 1 + dice.integer(3) }, () => dice.integer(batch)));
        if (action === "fork" && sessions.length < 3) sessions = [...sessions, session.fork()];
        if (action === "reset") {
          session.cache.reset();
          session.rows = session.rows.map(() => []);
        }
        if (action !== "none") made[action as keyof typeof made]++;
      }
      for (const { cache } of sessions) cache[Symbol.dispose]();
    }
    expect(Math.min(...Object.values(made))).toBeGreaterThan(2);
    expect(on.memory().tensors).toBeLessThanOrEqual(before);
  });
}
