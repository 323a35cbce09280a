/** Light or dark: what the person chose, else the system. */
export type Theme = "dark" | "light" | null;

const themeKey = "windtunnel.theme";

/** Puts a theme on the document; null follows the system. */
export function wearTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === null) root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", theme);
  try {
    if (theme === null) localStorage.removeItem(themeKey);
    else localStorage.setItem(themeKey, theme);
  } catch (error) {
    console.info("theme is not remembered:", error);
  }
}

/** The theme that was on the document before the page began. */
export function shownTheme(): Theme {
  const shown = document.documentElement.getAttribute("data-theme");
  return shown === "dark" || shown === "light" ? shown : null;
}
