"use strict";
(() => {
  const file = {{ plotly | safe }};
  const { config, narrow, paper, figures } = JSON.parse(document.getElementById("figures").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const ink = () => ({ "font.color": getComputedStyle(document.body).getPropertyValue("--soft").trim() });
  // A finger that scrolls over a figure must not zoom it.
  const coarse = matchMedia("(pointer: coarse)").matches;
  const waiting = Object.entries(figures);
  const drawn = [];
  const undrawn = () => { document.getElementById("undrawn").hidden = false; };
  const draw = (some) => {
    for (const [id, { data, layout }] of waiting.splice(0, some)) {
      layout.font.color = ink()["font.color"];
      if (coarse) layout.dragmode = false;
      if (innerWidth < narrow.below) {
        layout.margin = { ...layout.margin, ...narrow.margins };
        layout.font.size = 11;
      }
      try {
        Plotly.newPlot(id, data, layout, config);
        drawn.push(id);
      } catch (error) {
        console.error(error);
        undrawn();
      }
    }
    if (!waiting.length) document.body.dataset.drawn = drawn.length;
  };
  // A few at a time, so that the page can be read meanwhile.
  const begin = () => {
    draw(4);
    if (waiting.length) setTimeout(begin);
  };
  const everywhere = (change) => drawn.forEach((id) => Plotly.relayout(id, change));
  const start = () => {
    if (!window.Plotly) return undrawn();
    begin();
    dark.addEventListener("change", () => everywhere(ink()));
    // Paper is white, and narrower than most windows.
    const width = paper ? { autosize: false, width: paper } : {};
    addEventListener("beforeprint", () => {
      draw(waiting.length);
      everywhere({ "font.color": "#333", ...width });
    });
    addEventListener("afterprint", () => everywhere({ ...ink(), ...(paper && { autosize: true, width: null }) }));
  };
  if (!file) return start();
  const plotly = document.createElement("script");
  plotly.src = file.src;
  // From disk no browser can check it: files have no origin.
  if (location.protocol !== "file:") plotly.integrity = file.integrity;
  plotly.addEventListener("load", start);
  plotly.addEventListener("error", undrawn);
  document.head.append(plotly);
})();
