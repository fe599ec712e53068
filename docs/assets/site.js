/* What the theme makes in the browser, for keyboards and screen readers: tables that scroll can be
   reached, and the frames of copy buttons are no landmarks. */
(() => {
  const mend = () => {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code, .md-typeset .output")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
    for (const frame of document.querySelectorAll(".md-code__nav")) frame.role = "none";
  };
  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(mend, 50);
  };
  new MutationObserver(soon).observe(document.querySelector("article"), { childList: true, subtree: true });
  addEventListener("resize", soon);
  mend();
})();
