/* Draws the figures of a page from the JSON beside each. */
for (const held of document.querySelectorAll("script[data-draws]")) {
  const made = JSON.parse(held.textContent);
  Plotly.newPlot(held.dataset.draws, made.data, made.layout, { ...made.config, displayModeBar: false });
}
document.body.dataset.drawn = "";
