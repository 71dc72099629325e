// What taps cost when nobody looks: a forward pass as it is, and the same with the taps taken out. The issue allows 1 %.
import { wasm } from "@tenon/backend-wasm";
import { assemble, gpt } from "@tenon/models";
import { Module, trace } from "@tenon/nn";
import { ids, scoped, Scope, type Tensor } from "@tenon/tensor";

import { lowestMedians } from "./measure.ts";

const sizes = { vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 };
/** Nothing but taps, to know what one costs. */
class OnlyTaps extends Module<[x: Tensor, times: number], Tensor> {
  protected override compute(x: Tensor, times: number): Tensor {
    let y = x;
    for (let i = 0; i < times; i++) y = this.tap("point", y);
    return y;
  }
}
type Taps = { tap: (name: string, x: Tensor) => Tensor; tapped: (name: string) => boolean };

export async function taps(): Promise<void> {
  const on = await wasm({ threads: 1 });
  const model = await assemble(gpt(sizes)).to(on);
  const text = Int32Array.from({ length: sizes.context }, (_, i) => (i * 7) % sizes.vocabulary);
  const reading = (): void => {
    using scope = new Scope();
    scope.run(() => model.forward(ids(text, [1, sizes.context], on, { limit: sizes.vocabulary })));
  };
  const cache = model.cache();
  const decoding = (): void => {
    using scope = new Scope();
    scope.run(() => {
      if (cache.length === sizes.context) cache.reset();
      model.next(ids([1], [1, 1], on, { limit: sizes.vocabulary }), cache);
    });
  };
  const onlyTaps = new OnlyTaps();
  const x = ids([1], [1, 1], on, { limit: 2 });
  const many = 100_000;
  const module = Module.prototype as unknown as Taps;
  const original = { tap: module.tap, tapped: module.tapped };
  // As if the lines with taps were not there, but for an empty call that V8 inlines.
  const without = (body: () => void) => (): void => {
    module.tap = (_, x) => x;
    module.tapped = () => false;
    body();
    Object.assign(module, original);
  };
  const count = scoped(() => {
    const text = ids([1], [1, 1], on, { limit: sizes.vocabulary });
    return Object.keys(trace(model, ["**"], () => model.forward(text)).taps).length;
  });
  // `with` pays for writing two properties of the prototype as well, so that this is no part of the difference.
  const as = (body: () => void) => (): void => {
    Object.assign(module, original);
    body();
    Object.assign(module, original);
  };
  const times = await lowestMedians(
    {
      "64 tokens": as(reading),
      "64 tokens, without taps": without(reading),
      "one token": as(decoding),
      "one token, without taps": without(decoding),
      taps: () => onlyTaps.forward(x, many)[Symbol.dispose](),
    },
    15,
    400,
  );
  console.log(`\n${count} taps of a decoder of 4 layers, on ${on.name} (lowest of 15 medians, in turn)\n`);
  const each = times.get("taps")! / many;
  console.log(
    `one tap ${(1e6 * each).toFixed(1)} ns, and all of them ${((100 * count * each) / times.get("one token")!).toFixed(2)} % of one token's time`,
  );
  for (const what of ["64 tokens", "one token"]) {
    const [taken, bare] = [times.get(what)!, times.get(`${what}, without taps`)!];
    console.log(
      `${what}: ${(1000 * taken).toFixed(0)} µs, without taps ${(1000 * bare).toFixed(0)} µs: ${(100 * (taken / bare - 1)).toFixed(2)} %`,
    );
  }
}
