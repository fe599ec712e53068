// Handles of sliders have a role and no name, and their value is a place in a list: what stands
// beside them says both.
function named(bench) {
  for (const handle of bench.querySelectorAll(".noUi-handle")) {
    const slider = handle.closest(".widget-slider");
    const label = slider?.querySelector(".widget-label");
    const words = [label?.textContent.trim(), label?.title];
    put(handle, "aria-label", words.filter(Boolean).join(": "));
    put(handle, "aria-valuetext", slider?.querySelector(".widget-readout")?.textContent.trim());
  }
}

function put(element, attribute, text) {
  if (text && element.getAttribute(attribute) !== text) element.setAttribute(attribute, text);
}

function render({ el }) {
  let observer = null;
  let waiting = requestAnimationFrame(function look() {
    // A widget is made before it has a place in the page.
    const bench = el.closest(".slobook-workbench");
    if (!bench) {
      waiting = requestAnimationFrame(look);
      return;
    }
    observer = new MutationObserver(() => named(bench));
    observer.observe(bench, {
      attributeFilter: ["aria-valuetext"],
      characterData: true,
      childList: true,
      subtree: true,
    });
    named(bench);
  });
  return () => {
    cancelAnimationFrame(waiting);
    observer?.disconnect();
  };
}

export default { render };
