"use strict";
(() => {
  const { config, figures } = JSON.parse(document.getElementById("figures").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const ink = () => ({ "font.color": getComputedStyle(document.body).getPropertyValue("--soft").trim() });
  // A finger that scrolls over a figure must not zoom it.
  const coarse = matchMedia("(pointer: coarse)").matches;
  for (const [id, { data, layout }] of Object.entries(figures)) {
    layout.font.color = ink()["font.color"];
    layout.dragmode = coarse ? false : "zoom";
    if (innerWidth < 600) {
      layout.margin = { ...layout.margin, l: 36, r: 6 };
      layout.font.size = 11;
    }
    Plotly.newPlot(id, data, layout, config);
  }
  const everywhere = (change) => Object.keys(figures).forEach((id) => Plotly.relayout(id, change));
  dark.addEventListener("change", () => everywhere(ink()));
  // Paper is white and narrower than most windows.
  addEventListener("beforeprint", () => everywhere({ "font.color": "#333", autosize: false, width: 660 }));
  addEventListener("afterprint", () => everywhere({ ...ink(), autosize: true, width: null }));
})();
