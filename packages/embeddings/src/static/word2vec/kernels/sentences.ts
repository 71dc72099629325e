import { f32, Func, i32, type Local, type Value } from "@tenon/wasm-assembler";

import { RandomCode } from "../../training/small-random.ts";
import type { LoopsPlan, Slot } from "../plan.ts";
import { learn } from "./learn.ts";
import { learnWindow } from "./learn-window.ts";
import { addToRows, meanOfRows, rowAt } from "./rows.ts";
import type { Target } from "./vector-math.ts";

type Int = Local<"i32">;

/**
 * Learns the words of the slot's sentence from each other: a function (count, rate). Each word is the target of every word in its window, as
 * in word2vec; where words have parts, as in fastText, each word's parts have every word in its window as target.
 */
export function skipGram(target: Target, plan: LoopsPlan, slot: Slot): Func {
  const f = new Func("skipGram", ["i32", "f32"]);
  const rate = f.parameter(1, "f32");
  const { parts, input, stride } = plan;
  const learnOne = learn(target, plan, slot, parts === undefined);
  const byParts = parts === undefined ? undefined : learnWindow(f, target, plan, parts, slot, learnOne);
  eachWindow(f, plan, slot, (word, eachContext) => {
    if (byParts !== undefined) byParts(word, eachContext, rate);
    else eachContext((context) => f.call(learnOne, rowAt(input.at, stride, context), word, rate));
  });
  return f;
}

/** Learns each word of the slot's sentence from the mean of all rows of its window: a function (count, rate). */
export function continuousBag(plan: LoopsPlan, slot: Slot, byRows: Func): Func {
  const f = new Func("continuousBag", ["i32", "f32"]);
  const rows = f.local("i32");
  eachWindow(f, plan, slot, (word, eachContext) => {
    rows.set(i32.of(slot.rows.at));
    eachContext((context) => appendRows(f, plan, rows, context));
    f.if(i32.ne(rows, slot.rows.at), () => f.call(byRows, rowCount(slot, rows), word, f.parameter(1, "f32")));
  });
  return f;
}

/** Learns a target from the mean of the first `count` of the slot's rows: a function (count, target, rate). */
export function learnRows(target: Target, plan: LoopsPlan, slot: Slot): Func {
  const f = new Func("learnRows", ["i32", "i32", "f32"]);
  const count = f.parameter(0, "i32");
  const [rows, hidden, error] = [slot.rows, slot.hidden, slot.error].map(({ at }) => i32.of(at)) as Addresses;
  f.call(meanOfRows(target, plan.input.at, plan.stride), rows, count, hidden);
  f.call(learn(target, plan, slot, false), hidden, f.parameter(1, "i32"), f.parameter(2, "f32"));
  const share = plan.divides === true ? f32.div(1, f32.ofUnsigned(count)) : f32.of(1);
  f.call(addToRows(target, plan.input.at, plan.stride), rows, count, error, share);
  return f;
}
type Addresses = [Value<"i32">, Value<"i32">, Value<"i32">];

const rowCount = (slot: Slot, end: Int): Value<"i32"> => i32.shr(i32.sub(end, slot.rows.at), 2);

/** Appends the rows of a word at `end`, and moves that on. */
function appendRows(f: Func, { parts }: LoopsPlan, end: Int, word: Int): void {
  if (parts === undefined) {
    f.store("i32", end, word);
    end.set(i32.add(end, 4));
    return;
  }
  const start = f.let(i32.add(i32.shl(word, 2), parts.starts.at));
  const from = f.let(i32.shl(i32.load(start), 2));
  const bytes = f.let(i32.sub(i32.shl(i32.load(start, 4), 2), from));
  f.copy(end, i32.add(from, parts.rows.at), bytes);
  end.set(i32.add(end, bytes));
}

/**
 * Visits the words of the sentence. Each has a window of its own reach, 1 to the most, drawn anew (Mikolov et al. 2013, section 3.2:
 * distant words then count less).
 */
function eachWindow(
  f: Func,
  { window }: LoopsPlan,
  { sentence, random: state }: Slot,
  visit: (word: Int, eachContext: (body: (context: Int) => void) => void) => void,
): void {
  const end = f.let(i32.add(i32.shl(f.parameter(0, "i32"), 2), sentence.at));
  const [at, other, last, word, context] = f.locals("i32", 5);
  f.for(at, sentence.at, end, 4, () => {
    const random = new RandomCode(f, i32.of(state.at));
    const reach = f.let(i32.shl(i32.add(random.below(window), 1), 2));
    random.leave();
    word.set(i32.load(at));
    // Below the sentence lie other blocks, so that an address less this never wraps around.
    const first = f.let(i32.sub(at, reach));
    first.set(f.select(i32.ltSigned(i32.sub(at, sentence.at), reach), i32.of(sentence.at), first));
    last.set(i32.add(i32.add(at, reach), 4));
    last.set(f.select(i32.lt(end, last), end, last));
    visit(word, (body) =>
      f.for(other, first, last, 4, () =>
        f.if(i32.ne(other, at), () => {
          context.set(i32.load(other));
          body(context);
        }),
      ),
    );
  });
}
