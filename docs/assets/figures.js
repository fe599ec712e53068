/* Draws the figures of a page from the JSON beside each, in the ink of the page's scheme. */
(() => {
  const ink = () => getComputedStyle(document.body).getPropertyValue("--md-default-fg-color--light").trim();
  const drawn = [];
  for (const held of document.querySelectorAll("script[data-draws]")) {
    const { data, layout, config } = JSON.parse(held.textContent);
    layout.font = { ...layout.font, color: ink() };
    if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false; // a finger scrolls
    Plotly.newPlot(held.dataset.draws, data, layout, { ...config, displayModeBar: false });
    drawn.push(held.dataset.draws);
  }
  new MutationObserver(() => {
    for (const one of drawn) Plotly.relayout(one, { "font.color": ink() });
  }).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
  document.body.dataset.drawn = "";
})();
