// How the code of a kernel becomes one for a memory beyond 4 GiB, whose addresses have 64 bits. There everything that kernels call i32
// has 64 bits – variables, constants, sums, comparisons – so that the same code reaches further. What has 32 bits by its nature, such as a
// word of memory, a lane or a condition, is narrowed on the way to its instruction, and widened, with its sign, behind it. All of this is
// decided while a module's bytes are written: a kernel is built the same way for both.
import type { Code, Either, Value } from "./value.ts";

/** The last of the operands so far as 32 bits: i32.wrap_i64. */
export const narrow: Either = { near: [], far: [0xa7] };
/** A result of 32 bits as an i32: i64.extend_i32_s. */
export const widen: Either = { near: [], far: [0xac] };
/** Whether an i32 is not 0, in 32 bits: i64.ne with 0. The lower half of an address may be 0. */
const isNotZero: Either = { near: [], far: [0x42, 0, 0x52] };

/** A value as the condition of a branch or a choice, which has 32 bits: a comparison's result is taken as it is. */
export function truth({ code }: Value<"i32">): Code {
  return code.at(-1) === widen ? code.slice(0, -1) : [code, isNotZero];
}

/** Opcodes of i64 follow those of i32 in the same order, comparisons and arithmetic each by a distance of their own. */
export const comparison = (near: number): Either => ({ near: [near], far: [near + 0x0b] });
export const arithmetic = (near: number): Either => ({ near: [near], far: [near + 0x12] });
