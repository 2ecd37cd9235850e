import * as Plot from '@observablehq/plot';

/**
 * A picture from Plot without the style element that it carries: the page's policy lets none in. Its rules, the same for every
 * picture, are in app.css.
 */
export function drawPlot(options: Plot.PlotOptions): ReturnType<typeof Plot.plot> {
  const plot = Plot.plot(options);
  for (const element of plot.querySelectorAll('style')) element.remove();
  return plot;
}
