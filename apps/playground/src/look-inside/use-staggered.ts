import { useEffect, useState } from "preact/hooks";

/** About the length of a frame, in milliseconds. */
const frame = 16;

/**
 * The value, a few frames late: later for those further down. A large table whose rows take theirs from here is drawn row by row, and the page answers in
 * between. Undefined before the first.
 */
export function useStaggered<T>(value: T, place: number): T | undefined {
  const [shown, setShown] = useState<{ readonly value: T } | undefined>();
  useEffect(() => {
    const timer = setTimeout(() => setShown({ value }), place * frame);
    return () => clearTimeout(timer);
  }, [value, place]);
  return shown?.value;
}
