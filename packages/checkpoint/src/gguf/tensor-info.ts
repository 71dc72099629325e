import type { Shape } from "@tenon/tensor";

import { countElements } from "../shape.ts";
import { quote } from "../show.ts";
import { ggmlType, type GgmlType } from "./ggml-types.ts";
import type { HeaderCursor } from "./header-cursor.ts";
import { refuse } from "./refuse.ts";

/** One tensor as the header states it, its size checked against its shape and type. */
export interface TensorInfo {
  readonly name: string;
  /** Undefined for a type that is newer than Tenon's table. */
  readonly type: GgmlType | undefined;
  /** The type's name, also where nothing else is known of it. */
  readonly typeName: string;
  /** Row-major, outermost first: the file has the sizes the other way round. */
  readonly shape: Shape;
  /** Counted from where the data begins. */
  readonly offset: number;
  /** Undefined when the type's size is not known. */
  readonly bytes: number | undefined;
}

const longestName = 2 ** 16 - 1;
/** Axes of a ggml tensor. */
const mostAxes = 4;

/** Reads `count` entries; where their bytes lie is for `checkExtents` to judge. */
export async function readTensorInfos(cursor: HeaderCursor, count: number, file: string): Promise<TensorInfo[]> {
  // The length of a name, the number of axes, a type and an offset.
  cursor.expect(count * 24, `the list of ${count} tensors`);
  const infos = new Map<string, TensorInfo>();
  for (let i = 0; i < count; i++) {
    const info = await readInfo(cursor, i, file);
    if (infos.has(info.name))
      refuse(file, `tensor ${quote(info.name)} is there twice`, { tensor: info.name, expected: "each tensor once" });
    infos.set(info.name, info);
  }
  return [...infos.values()];
}

async function readInfo(cursor: HeaderCursor, index: number, file: string): Promise<TensorInfo> {
  const name = await cursor.string(`the name of tensor ${index}`, longestName);
  const what = `tensor ${quote(name)}`;
  const fail = (problem: string, expected: string, got: unknown): never =>
    refuse(file, `${what}: ${problem}; expected ${expected}`, { tensor: name, expected, got });

  await cursor.need(4, what);
  const axes = cursor.uint32();
  if (axes > mostAxes) fail(`it has ${axes} axes`, `at most ${mostAxes}`, axes);
  await cursor.need(axes * 8 + 12, what);
  const sizes: number[] = [];
  for (let axis = 0; axis < axes; axis++) sizes.push(cursor.count(`a size of ${what}`));
  const id = cursor.uint32();
  const offset = cursor.count(`the offset of ${what}`);

  const shape = sizes.reverse();
  const elements = countElements(shape);
  if (elements === undefined)
    return fail(`its shape [${shape.join(", ")}] gives no possible size`, "fewer than 2^53 elements", shape);
  const type = ggmlType(id);
  if (type === undefined) return { name, type, typeName: `number ${id}`, shape, offset, bytes: undefined };
  const row = shape.at(-1) ?? 1;
  if (row % type.elements !== 0)
    fail(`its rows of ${row} are no whole blocks of ${type.name}`, `a multiple of ${type.elements}`, row);
  return { name, type, typeName: type.name, shape, offset, bytes: (elements / type.elements) * type.bytes };
}

/** Checks that each tensor begins where the alignment allows, that none reaches beyond the data, and that no two share a byte. */
export function checkExtents(infos: readonly TensorInfo[], available: number, alignment: number, file: string): void {
  let [covered, previous] = [0, ""];
  for (const { name, offset, bytes = 0 } of infos.toSorted(
    (a, b) => a.offset - b.offset || (a.bytes ?? 0) - (b.bytes ?? 0),
  )) {
    const what = `tensor ${quote(name)}`;
    if (offset % alignment !== 0)
      refuse(file, `${what} begins at byte ${offset} of the data, which is no multiple of the alignment ${alignment}`, {
        tensor: name,
        expected: `a multiple of ${alignment}`,
        got: offset,
      });
    if (offset + bytes > available)
      refuse(file, `${what} ends at byte ${offset + bytes} of the data, but the file has only ${available}`, {
        tensor: name,
        expected: offset + bytes,
        got: available,
      });
    if (offset < covered)
      refuse(
        file,
        `tensors ${quote(previous)} and ${quote(name)} overlap: the first ends at byte ${covered} of the data, the second begins at ${offset}`,
        { tensor: name, expected: covered, got: offset },
      );
    if (bytes > 0) [covered, previous] = [offset + bytes, name];
  }
}
