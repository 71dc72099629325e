// The errors that everybody meets, provoked one by one.
import { assemble, gpt } from "@tenon/models";
import { add, cpu, ids, isTenonError, log, matmul, ones, scoped, type Tensor, tensor } from "@tenon/tensor";

const on = cpu();
const spec = gpt({ vocabulary: 10, context: 8, width: 8, layers: 1, heads: 2 });

const said = async (what: string, body: () => unknown): Promise<void> => {
  try {
    await body();
    console.log(`${what}: nothing went wrong`);
  } catch (error) {
    if (!isTenonError(error)) throw error;
    console.log(`${what}\n  ${error.name}: ${error.message}`);
  }
};

await said("Sizes that do not fit", () => matmul(ones([2, 3], on), ones([2, 3], on)));

await said("A tensor whose scope has ended", () => {
  let lost: Tensor | undefined;
  scoped(() => {
    lost = log(ones([2], on));
  });
  return add(lost!, 1);
});

await said("A model that is on no backend yet", () => assemble(spec).forward(ids([1, 2], [1, 2], on, { limit: 10 })));

const model = await assemble(spec).to(on);
await said("An input on another backend", () =>
  model.forward(ids([1, 2], [1, 2], cpu({ fused: false }), { limit: 10 })),
);

await said("A text longer than the context", () => model.forward(ids(Array(9).fill(1), [1, 9], on, { limit: 10 })));

await said("An id outside of the vocabulary", () => ids([1, 10], [1, 2], on, { limit: 10 }));

await said("A dtype that an op does not take", () => log(tensor([1, 2], [2], on, "i32")));

await said("Heads that do not divide the width", () =>
  assemble({ ...spec, attention: { kind: "multi-head", heads: 3 } }),
);

await said("A key that is misspelt", () => assemble({ ...spec, norm: { kind: "layer-norm", epsilom: 1e-5 } }));

// prints:
// Sizes that do not fit
//   ShapeError: matmul: [2, 3] × [2, 3]: the inner sizes 3 and 2 differ
// A tensor whose scope has ended
//   BackendError: add: input 0 was already freed. It left its scope: return it from the scope, or keep() it.
// A model that is on no backend yet
//   BackendError: a variable [10, 8] is still on the host: place it on a backend first, for a model with `await model.to(backend)`
// An input on another backend
//   BackendError: gather: the inputs live on two different backends, both called "cpu", and neither wraps the other. Make the backend once, and upload both to it.
// A text longer than the context
//   ConfigError: 9 tokens, but this model's context is 8. Shorten the text, or assemble a model with a larger context.
// An id outside of the vocabulary
//   ConfigError: token id 10 at place 1 is out of range: expected a whole number from 0 to 9. Was the text encoded with another vocabulary?
// A dtype that an op does not take
//   DTypeError: log: its input must be f32, f16 or bf16, got i32; cast() it
// Heads that do not divide the width
//   ConfigError: spec.attention: MultiHeadAttention: heads 3 does not divide width 8; choose heads from 1, 2, 4, 8, or another width
// A key that is misspelt
//   ConfigError: spec.norm.epsilom: there is no such key; the keys are kind, epsilon, bias
