import { effect, type Signal, signal } from "@preact/signals";

/** Light or dark, or as the system is. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "tenon-theme";

/** A page that may not keep anything, in a private window say, forgets the choice, and that is all. */
function remembered(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(key)) ?? "system";
  } catch {
    return "system";
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // As above.
  }
}

export const theme: Signal<Theme> = signal(remembered());

/** Lets the document follow the choice: `data-theme` on its root, which styles/tokens.css reads. */
export function followTheme(): void {
  effect(() => {
    remember(theme.value);
    document.documentElement.dataset["theme"] = theme.value;
  });
}
