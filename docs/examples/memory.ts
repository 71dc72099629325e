// Who frees what, told by what the backend has alive.
import { add, cpu, keep, mul, Scope, scoped, sum, tensor } from "@tenon/tensor";

const on = cpu();
const alive = (when: string): void =>
  console.log(`${when}: ${on.memory().tensors} tensors, ${on.memory().bytes} bytes`);

const x = tensor(new Float32Array(1000), [1000], on);
alive("one tensor");

// A scope: the product and the square are freed, the sum is returned.
const y = scoped(() => sum(mul(mul(x, 2), x)));
alive("and a sum");

// Around an await: a scope that is entered again.
{
  using scope = new Scope();
  const z = scope.run(() => add(x, 1));
  alive("in the block");
  await z.read();
  scope.run(() => mul(z, z));
  alive("after the await");
}
alive("after the block");

// What is kept is yours, until you free it.
const kept = scoped(() => {
  keep(mul(x, 3));
  return add(x, 3);
});
alive("one returned, one kept and forgotten");
kept[Symbol.dispose]();
y[Symbol.dispose]();
x[Symbol.dispose]();
alive("the forgotten one is left to the garbage collector");

// prints:
// one tensor: 1 tensors, 4000 bytes
// and a sum: 2 tensors, 4004 bytes
// in the block: 3 tensors, 8004 bytes
// after the await: 4 tensors, 12004 bytes
// after the block: 2 tensors, 4004 bytes
// one returned, one kept and forgotten: 4 tensors, 12004 bytes
// the forgotten one is left to the garbage collector: 1 tensors, 4000 bytes
