// The notebooks in the order of the work, on the left of JupyterLab, whose file browser knows no
// order but names, dates and sizes. Written by hand, as a container of module federation: nothing
// is built, and the libraries are those that JupyterLab shares.
(() => {
  let shared = null;

  async function library(name) {
    const versions = Object.values(shared[name]);
    const chosen = versions.find((one) => one.loaded) ?? versions[0];
    return (await chosen.get())();
  }

  function work() {
    const data = document.getElementById("jupyter-config-data");
    return JSON.parse(JSON.parse(data.textContent).slobookWork ?? "[]");
  }

  const STYLE = `
    .slobook-work { overflow-y: auto; padding: 8px 0; background: var(--jp-layout-color1);
      color: var(--jp-ui-font-color1); font: var(--jp-ui-font-size1)/1.35 var(--jp-ui-font-family); }
    .slobook-work h2 { font-size: 0.85em; letter-spacing: 0.05em; text-transform: uppercase;
      margin: 4px 12px 8px; }
    .slobook-work ol { margin: 0; padding: 0; list-style: none; counter-reset: step; }
    .slobook-work button { all: unset; box-sizing: border-box; display: block; width: 100%;
      cursor: pointer; padding: 6px 12px 6px 36px; position: relative; counter-increment: step; }
    .slobook-work button::before { content: counter(step); position: absolute; left: 12px;
      color: var(--jp-ui-font-color2); }
    .slobook-work button:hover { background: var(--jp-layout-color2); }
    .slobook-work button:focus-visible { outline: 2px solid var(--jp-brand-color1);
      outline-offset: -2px; }
    .slobook-work button[aria-current] { background: var(--jp-layout-color2);
      box-shadow: inset 3px 0 var(--jp-brand-color1); font-weight: 600; }
    .slobook-work small { display: block; font-weight: 400; color: var(--jp-ui-font-color2); }
    /* Figures' ink is the one that is readable on white and on black; on black there is a better
       one. What hovers has a white ground of its own. */
    [data-jp-theme-light="false"] .js-plotly-plot svg text:not(.hoverlayer text) {
      fill: #a8a8a8 !important; }`;

  function entry(app, notebook) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const title = document.createElement("span");
    const name = document.createElement("small");
    title.textContent = notebook.title;
    name.textContent = notebook.path.split("/").pop().replace(/\.ipynb$/, "");
    button.dataset.path = notebook.path;
    button.append(title, name);
    button.addEventListener("click", () =>
      app.commands.execute("docmanager:open", { path: notebook.path }));
    item.append(button);
    return item;
  }

  function contents(app) {
    const place = document.createElement("nav");
    const style = document.createElement("style");
    const heading = document.createElement("h2");
    const list = document.createElement("ol");
    place.setAttribute("aria-label", "Notebooks in the order of the work");
    style.textContent = STYLE;
    heading.textContent = "The work, in order";
    list.append(...work().map((notebook) => entry(app, notebook)));
    place.append(style, heading, list);
    return place;
  }

  function mark(place, path) {
    for (const button of place.querySelectorAll("button")) {
      if (button.dataset.path === path) {
        button.setAttribute("aria-current", "page");
      } else {
        button.removeAttribute("aria-current");
      }
    }
  }

  async function plugin() {
    const { Widget } = await library("@lumino/widgets");
    const { ILayoutRestorer, ILabShell } = await library("@jupyterlab/application");
    const { listIcon } = await library("@jupyterlab/ui-components");
    return {
      id: "slobook-work:panel",
      description: "The notebooks of slobook in the order of the work.",
      autoStart: true,
      requires: [ILabShell],
      optional: [ILayoutRestorer],
      activate: (app, shell, restorer) => {
        const node = contents(app);
        const panel = new Widget({ node });
        panel.id = "slobook-work";
        panel.addClass("slobook-work");
        panel.title.icon = listIcon;
        panel.title.caption = "The work, in order";
        shell.add(panel, "left", { rank: 50 });
        restorer?.add(panel, panel.id);
        shell.currentChanged.connect((_, { newValue }) => mark(node, newValue?.context?.path));
      },
    };
  }

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB["slobook-work"] = {
    init: (scope) => { shared = scope; },
    get: async () => {
      const made = await plugin();
      return () => ({ __esModule: true, default: made });
    },
  };
})();
