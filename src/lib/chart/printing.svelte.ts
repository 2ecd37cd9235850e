/** Pixels that the page is as wide as while it is made ready for the printer: A4 between its margins, upright. */
const paperWidth = 700;

/** Whether the page is being printed: its charts are drawn for the paper then, those out of view too. */
class Printing {
  #isOn = $state(false);

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Makes everything ready when the browser is about to print; `draw` is called with the page as wide as the paper. */
  readonly watch = (draw: () => void): (() => void) => {
    const begin = () => {
      document.documentElement.style.setProperty('--paper-width', `${paperWidth}px`);
      document.documentElement.dataset.printing = '';
      this.#isOn = true;
      draw();
    };
    const end = () => {
      delete document.documentElement.dataset.printing;
      this.#isOn = false;
      draw();
    };
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  };
}

/** One a browser tab. */
export const printing = new Printing();
