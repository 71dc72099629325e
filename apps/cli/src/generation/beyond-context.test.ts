import { assemble, gpt } from "@tenon/models";
import { generate, slidingModel } from "@tenon/sampling";
import { cpu, ids, Scope } from "@tenon/tensor";
import { expect, test } from "vitest";

const backend = cpu();
const sizes = { vocabulary: 7, context: 8, width: 8, layers: 1, heads: 2 };

async function continued(model: Parameters<typeof generate>[0], maxTokens: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { id } of generate(model, [1, 2, 3], { maxTokens })) found.push(id);
  return found;
}

test("within the context it is the model itself; beyond, it sees the last half of it", async () => {
  const model = await assemble(gpt(sizes), { seed: 3 }).to(backend);
  const plain = await continued(model, 100);
  expect(plain).toHaveLength(6); // 3 + 5 fill the context, and one comes after it
  const long = await continued(slidingModel(model), 30);
  expect(long).toHaveLength(30);
  expect(long.slice(0, 6)).toEqual(plain);

  using scope = new Scope();
  const sliding = slidingModel(model);
  using cache = sliding.cache();
  const next = (list: number[]): Promise<ArrayLike<number>> =>
    scope.run(() => sliding.next(ids(list, [1, list.length], backend, { limit: 7 }), cache)).read();
  await next([1, 2, 3, 4, 5, 6, 1, 2]);
  // The ninth does not fit: the context begins anew with the last half, the ninth among them.
  const anew = await next([3]);
  using fresh = model.cache();
  const expected = scope.run(() => model.next(ids([6, 1, 2, 3], [1, 4], backend, { limit: 7 }), fresh));
  expect(Array.from(anew)).toEqual(Array.from(await expected.read()));
});

test("ids that come at once are seen as those that come one by one", async () => {
  const sliding = slidingModel(await assemble(gpt(sizes), { seed: 3 }).to(backend));
  const all = Array.from({ length: 23 }, (_, i) => (i * i + 3 * i) % 7);
  using one = sliding.cache();
  for (const [i, id] of all.entries()) {
    using scope = new Scope();
    const tell = (list: number[], cache: typeof one): Promise<ArrayLike<number>> =>
      scope.run(() => sliding.next(ids(list, [1, list.length], backend, { limit: 7 }), cache)).read();
    using atOnce = sliding.cache();
    const [slowly, quickly] = [await tell([id], one), await tell(all.slice(0, i + 1), atOnce)];
    for (let v = 0; v < 7; v++) expect(slowly[v]).toBeCloseTo(quickly[v]!, 5);
  }
});

test("nothing is left behind", async () => {
  const on = cpu(); // on the other one the collector may take away what the first test has left
  using model = await assemble(gpt(sizes), { seed: 3 }).to(on);
  const before = on.memory();
  await continued(slidingModel(model), 30);
  expect(on.memory()).toEqual(before);
});
