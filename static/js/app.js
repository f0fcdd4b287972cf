/* What the pages gain from JavaScript: keys, masks, live totals, one post per form. Everything works without it. */
"use strict";

const groupDigits = (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");

function maskMoney(input) {
  const fromEnd = input.value.length - input.selectionStart;
  const [whole, ...rest] = input.value.replace(/[^\d.]/g, "").split(".");
  input.value = groupDigits(whole) + (rest.length ? "." + rest.join("").slice(0, 2) : "");
  const at = Math.max(0, input.value.length - fromEnd);
  input.setSelectionRange(at, at);
}

function totalDenominations(table) {
  let total = 0;
  for (const input of table.querySelectorAll("[data-denomination]")) {
    const amount = Number(input.dataset.denomination) * (parseInt(input.value, 10) || 0);
    input.closest("tr").querySelector("[data-amount]").textContent = groupDigits(String(amount));
    total += amount;
  }
  table.querySelector("[data-total]").textContent = groupDigits(String(total));
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (input.dataset.mask === "money") maskMoney(input);
  const table = input.closest("[data-denominations]");
  if (table) totalDenominations(table);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && event.target.matches("select, input[type=date]")) form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => delete form.dataset.sent, 4000);
});

function typing(target) {
  return target.matches("input, textarea, select") || target.isContentEditable;
}

document.addEventListener("keydown", (event) => {
  const shortcut = document.querySelector(`[data-key="${event.key}"]`);
  if (event.key === "Enter" && event.ctrlKey && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
  } else if (shortcut) {
    event.preventDefault();
    shortcut.click();
  } else if (event.key === "F8") {
    event.preventDefault();
    window.print();
  } else if (event.key === "/" && !typing(event.target)) {
    event.preventDefault();
    document.getElementById("search")?.select();
  } else if (event.key === "?" && !typing(event.target)) {
    document.getElementById("keys")?.showModal();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.user-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

function settle(root) {
  root.querySelector("[data-autofocus]")?.focus();
  root.querySelectorAll("[data-denominations]").forEach(totalDenominations);
  root.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent);
}

document.addEventListener("DOMContentLoaded", () => settle(document));
document.addEventListener("htmx:after:swap", () => settle(document));
document.addEventListener("htmx:error", () => {
  const toasts = document.getElementById("toasts");
  if (!toasts) return;
  const note = document.createElement("div");
  note.className = "toast-note toast-error";
  note.textContent = "The server did not answer. Nothing was lost: try again.";
  toasts.append(note);
});
