// Keys, dialogs, confirmations. Pages work without any of it.
"use strict";

(function () {
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  let waiting = "";

  function open(name) {
    const dialog = document.getElementById(name);
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  // data-key="g c" or "j": a link is followed, a field is focused, a button is pressed.
  function press(keys) {
    const wanted = Array.from(document.querySelectorAll("[data-key]"))
      .find((each) => each.dataset.key === keys && !each.disabled && each.getClientRects().length);
    if (!wanted) return false;
    if (wanted.matches("input:not([type=submit]), textarea, select")) wanted.focus();
    else wanted.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") { waiting = ""; if (typing(event.target)) event.target.blur(); return; }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); open("keys"); return; }
    const keys = waiting ? waiting + " " + event.key : event.key;
    waiting = "";
    if (press(keys)) event.preventDefault();
    else if (event.key === "g") waiting = "g";
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(opener.dataset.open);
    if (event.target.closest("[data-print]")) window.print();
    for (const sheet of document.querySelectorAll("details.who[open]")) {
      if (!sheet.contains(event.target)) sheet.open = false;
    }
  });

  // data-confirm="…": the browser's own question before a form is sent.
  document.addEventListener("submit", (event) => {
    const asked = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (asked && !window.confirm(asked)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (event.target.method === "post" && !event.target.hasAttribute("hx-post")) {
      // A second click would send the same form again.
      window.setTimeout(() => { if (event.submitter) event.submitter.disabled = true; }, 0);
    }
  }, true);

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // A notice that came with an answer is brought into view and read out.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "notice") {
      event.detail.target.scrollIntoView({ block: "center" });
    }
  });
})();
