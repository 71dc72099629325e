/**
 * The ids of the `count` largest logits, the largest first; of equal ones the smaller id first. Excluded tokens
 * (`-Infinity`) are never among them, so there may be fewer.
 *
 * A heap of `count` ids with the worst on top: almost every logit of a large vocabulary is turned away by one
 * comparison.
 */
export function largest(logits: Float32Array | Float64Array, count: number): Int32Array {
  const heap = new Int32Array(Math.min(count, logits.length));
  let size = 0;
  const worse = (a: number, b: number): boolean => {
    const difference = logits[a]! - logits[b]!;
    return difference < 0 || (difference === 0 && a > b);
  };

  for (let id = 0; id < logits.length; id++) {
    if (logits[id] === -Infinity) continue;
    if (size < heap.length) {
      let child = size++;
      for (; child > 0; child = (child - 1) >> 1) {
        const parent = (child - 1) >> 1;
        if (!worse(id, heap[parent]!)) break;
        heap[child] = heap[parent]!;
      }
      heap[child] = id;
    } else if (worse(heap[0]!, id)) {
      let parent = 0;
      for (let child = 1; child < size; child = 2 * parent + 1) {
        if (child + 1 < size && worse(heap[child + 1]!, heap[child]!)) child++;
        if (!worse(heap[child]!, id)) break;
        heap[parent] = heap[child]!;
        parent = child;
      }
      heap[parent] = id;
    }
  }
  return heap.subarray(0, size).sort((a, b) => logits[b]! - logits[a]! || a - b);
}
