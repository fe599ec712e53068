"use strict";
(() => {
  const { config, figures } = JSON.parse(document.getElementById("figures").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const ink = () => getComputedStyle(document.body).getPropertyValue("--soft").trim();
  const waiting = Object.entries(figures);
  // A few at a time, so that the page can be read meanwhile.
  const draw = () => {
    for (const [id, { data, layout }] of waiting.splice(0, 4)) {
      layout.font.color = ink();
      if (innerWidth < 769) layout.font.size = 11;
      Plotly.newPlot(id, data, layout, config);
    }
    if (waiting.length) setTimeout(draw);
    else document.body.dataset.drawn = Object.keys(figures).length;
  };
  draw();
  dark.addEventListener("change", () =>
    Object.keys(figures).forEach((id) => Plotly.relayout(id, { "font.color": ink() })));
  // One opened note at a time, and Escape closes it.
  addEventListener("keydown", (event) => {
    if (event.key === "Escape")
      document.querySelectorAll(".panel > header details[open]").forEach((one) => { one.open = false; });
  });
})();
