const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** The chosen theme: the system's unless the person picked one; kept in a cookie that the server reads. */
class ThemeChoice {
  #current = $state<Theme>('system');

  get current(): Theme {
    return this.#current;
  }

  /** Takes over what the server put on <html>; call once in the browser. */
  adopt(root: HTMLElement = document.documentElement): void {
    const given = root.dataset.theme;
    this.#current = given === 'light' || given === 'dark' ? given : 'system';
  }

  choose(theme: Theme, page: Document = document): void {
    this.#current = theme;
    page.documentElement.dataset.theme = theme === 'system' ? '' : theme;
    const age = theme === 'system' ? 0 : 31_536_000;
    page.cookie = `almanac-theme=${theme}; path=/; max-age=${age}; samesite=lax`;
  }

  next(): void {
    this.choose(themes[(themes.indexOf(this.#current) + 1) % themes.length] ?? 'system');
  }
}

/** One a browser tab; the server only ever renders its initial value. */
export const theme = new ThemeChoice();
