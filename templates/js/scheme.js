// Which colour scheme the reader chose: "light", "dark", or none to follow the system.
import { read, write } from "./store.js";

const KEY = "theme";

/** @returns {"light"|"dark"|undefined} */
export function chosen() {
  const value = read(KEY);
  return value === "light" || value === "dark" ? value : undefined;
}

/**
 * The scheme after the one that is shown: the other one. Back on the system's own, nothing is chosen any more.
 * @param {"light"|"dark"|undefined} now
 * @param {boolean} systemIsDark
 * @returns {"light"|"dark"|undefined}
 */
export function next(now, systemIsDark) {
  const system = systemIsDark ? "dark" : "light";
  const shown = now ?? system;
  const other = shown === "dark" ? "light" : "dark";
  return other === system ? undefined : other;
}

/**
 * Makes the switch work.
 * @param {HTMLElement} button
 * @param {Record<string, string>} words
 */
export function attach(button, words) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const tell = () => {
    const dark = (chosen() ?? (system.matches ? "dark" : "light")) === "dark";
    button.title = words[dark ? "theme.light" : "theme.dark"];
    button.setAttribute("aria-label", button.title);
  };
  button.addEventListener("click", () => {
    const scheme = next(chosen(), system.matches);
    write(KEY, scheme);
    if (scheme) root.dataset.theme = scheme;
    else delete root.dataset.theme;
    tell();
  });
  system.addEventListener("change", tell);
  tell();
  button.hidden = false;
}
