import { Blocks, Dumbbell, type LucideIcon, Monitor, Moon, PenLine, ScanSearch, Sun } from "lucide-preact";
import type { JSX } from "preact";

import { TrainingIndicator } from "../train/indicator.tsx";
import { placeNames } from "./place-names.ts";
import { type Place, places, route, routeText } from "./route.ts";
import { theme, type Theme, themes } from "./theme.ts";

const icons: { readonly [place in Place]: LucideIcon } = {
  assemble: Blocks,
  train: Dumbbell,
  run: PenLine,
  "look-inside": ScanSearch,
};

const themeNames: { readonly [theme in Theme]: { readonly title: string; readonly Icon: LucideIcon } } = {
  system: { title: "as the system", Icon: Monitor },
  light: { title: "light", Icon: Sun },
  dark: { title: "dark", Icon: Moon },
};

export function Header(): JSX.Element {
  return (
    <header class="header">
      <p class="brand">
        <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
          <path fill="currentColor" d="M4 5h24v9h-8v13h-8V14H4z" />
        </svg>
        Tenon <span class="quiet">playground</span>
      </p>
      <nav aria-label="Places">
        <ul>
          {places.map((place) => {
            const Icon = icons[place];
            return (
              <li key={place}>
                <a href={routeText(place)} aria-current={route.value.place === place ? "page" : undefined}>
                  <Icon size={17} aria-hidden="true" />
                  {placeNames[place]}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
      <TrainingIndicator />
      <ThemeButton />
    </header>
  );
}

/** Goes from one theme to the next. */
function ThemeButton(): JSX.Element {
  const { title, Icon } = themeNames[theme.value];
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length]!;
  const said = `Colours: ${title}. Change to ${themeNames[next].title}`;
  return (
    <button type="button" class="icon-button" aria-label={said} title={said} onClick={() => (theme.value = next)}>
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}
