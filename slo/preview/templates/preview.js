"use strict";
// One opened note at a time, and Escape closes it.
addEventListener("keydown", (event) => {
  if (event.key === "Escape")
    document.querySelectorAll(".panel > header details[open]").forEach((one) => { one.open = false; });
});
