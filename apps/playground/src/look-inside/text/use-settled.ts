import { useEffect, useState } from "preact/hooks";

/** A value once it has not changed for a while: what somebody types is not asked about letter by letter. The first is there at once. */
export function useSettled<T>(value: T, key: string, milliseconds = 300): T {
  const [settled, setSettled] = useState({ key, value });
  useEffect(() => {
    if (settled.key === key) return;
    const timer = setTimeout(() => setSettled({ key, value }), milliseconds);
    return () => clearTimeout(timer);
  }, [key, settled.key]);
  return settled.value;
}
