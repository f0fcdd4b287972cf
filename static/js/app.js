/* What the pages gain from JavaScript: keys, masks, live totals, one post per form, messages. Everything works without it. */
"use strict";

document.documentElement.classList.add("js");

const IDLE_WARNING_SECONDS = 120;
const TOAST_SECONDS = 8;
const GUARD_MILLISECONDS = 6000;
const groupDigits = (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
const typing = (target) => target.matches?.("input, textarea, select") || target.isContentEditable;

/* Masks. The server reads the text with or without them. */

function maskMoney(input) {
  const fromEnd = input.value.length - input.selectionStart;
  const minus = input.value.trim().startsWith("-") ? "-" : "";
  const [whole, ...rest] = input.value.replace(/[^\d.]/g, "").split(".");
  const digits = whole.replace(/^0+(?=\d)/, "");
  input.value = minus + groupDigits(digits) + (rest.length ? `.${rest.join("").slice(0, 2)}` : "");
  const at = Math.max(0, input.value.length - fromEnd);
  input.setSelectionRange(at, at);
}

function maskPhone(input) {
  const digits = input.value.replace(/[^\d+]/g, "");
  const local = digits.match(/^(0\d{3})(\d{3})(\d{3})$/) || digits.match(/^(\+\d{3})(\d{3})(\d{3})(\d{3})$/);
  if (local) input.value = local.slice(1).join(" ");
}

/* A count by denomination. Whole shillings stay far below 2^53; the server adds up again. */

function totalDenominations(table) {
  let total = 0;
  for (const input of table.querySelectorAll("[data-denomination]")) {
    const amount = Number(input.dataset.denomination) * (parseInt(input.value, 10) || 0);
    const cell = input.closest("tr").querySelector("[data-amount]");
    cell.textContent = amount ? groupDigits(String(amount)) : "–";
    total += amount;
  }
  table.querySelector("[data-total]").textContent = groupDigits(String(total));
}

/* Debits and credits of a journal that is being written: both sums, and by how much they differ */

function hundredths(input) {
  const amount = Number(input.value.replace(/[\s,]/g, ""));
  return Number.isFinite(amount) ? Math.round(amount * 100) : 0;
}

function written(amount) {
  const text = (amount / 100).toFixed(amount % 100 ? 2 : 0);
  const [whole, rest] = text.split(".");
  return groupDigits(whole) + (rest ? `.${rest}` : "");
}

function totalSides(table) {
  const sums = [2, 3].map((column) =>
    [...table.querySelectorAll(`tbody td:nth-child(${column}) input`)].reduce((sum, input) => sum + hundredths(input), 0));
  table.tFoot.hidden = !sums.some(Boolean);
  table.querySelectorAll("[data-sum]").forEach((cell, index) => { cell.textContent = written(sums[index]); });
  const [debit, credit] = sums;
  const more = debit > credit ? "debit" : "credit";
  table.querySelector("[data-difference]").textContent = debit === credit ? "balances" : `${written(Math.abs(debit - credit))} more ${more}`;
}

/* Messages */

function armToast(note) {
  if (note.dataset.armed) return;
  note.dataset.armed = "yes";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "✕";
  close.setAttribute("aria-label", "Close this message");
  close.addEventListener("click", () => note.remove());
  note.append(close);
  if (!note.matches(".toast-success, .toast-info")) return;
  let timer = window.setTimeout(() => note.remove(), TOAST_SECONDS * 1000);
  note.addEventListener("pointerenter", () => window.clearTimeout(timer));
  note.addEventListener("pointerleave", () => {
    timer = window.setTimeout(() => note.remove(), TOAST_SECONDS * 1000);
  });
}

function showNotice(content) {
  const region = document.getElementById("notices") || document.querySelector("main") || document.body;
  if (region.id === "notices") region.replaceChildren(content);
  else region.prepend(content);
  content.scrollIntoView({ block: "center" });
}

function banner(text) {
  const note = document.createElement("div");
  note.className = "note note-error";
  note.textContent = text;
  return note;
}

/* One post per form: the submission id is the real guard, this spares the wait */

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  window.setTimeout(() => release(form), GUARD_MILLISECONDS);
});

/* What was said about a field holds no longer once the field is changed; a rule's refusal neither */

function forget(field) {
  field.closest(".field-bad")?.classList.remove("field-bad");
  field.removeAttribute("aria-invalid");
  document.getElementById(`${field.id}-error`)?.remove();
  const summary = field.form?.querySelector("[data-summary]");
  summary?.querySelector(`a[href="#${CSS.escape(field.id)}"]`)?.closest("li").remove();
  if (summary && !summary.querySelector("li")) summary.remove();
}

/* A field is left by pressing the button: the words go when it is let go, or it would move away from under the pointer */

const outdated = { held: false, fields: [] };

document.addEventListener("pointerdown", () => { outdated.held = true; }, true);

["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => {
  outdated.held = false;
  window.setTimeout(() => outdated.fields.splice(0).forEach(forget));
}, true));

document.addEventListener("change", (event) => {
  if (outdated.held) outdated.fields.push(event.target);
  else forget(event.target);
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("[data-sent]").forEach(release);
});

/* Typing */

document.addEventListener("input", (event) => {
  const input = event.target;
  if (input.dataset.mask === "money") maskMoney(input);
  const table = input.closest("[data-denominations]");
  if (table) totalDenominations(table);
  const sides = input.closest("[data-balance]");
  if (sides) totalSides(sides);
});

document.addEventListener("change", (event) => {
  if (event.target.dataset.mask === "phone") maskPhone(event.target);
  const form = event.target.closest("form[data-autosubmit]");
  if (form && event.target.matches("select, input[type=date], input[type=checkbox], input[type=radio]")) form.requestSubmit();
});

/* Keys */

function nextCount(input) {
  const inputs = [...input.closest("[data-denominations]").querySelectorAll("[data-denomination]")];
  return inputs[inputs.indexOf(input) + 1];
}

function pressed(event) {
  const { key, target } = event;
  const shortcut = /^F\d+$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  if (key === "Enter" && event.ctrlKey && target.form) return () => target.form.requestSubmit();
  if (key === "Enter" && target.dataset?.denomination && nextCount(target)) return () => nextCount(target).select();
  if (shortcut) return () => shortcut.click();
  if (key === "F8") return () => window.print();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) return null;
  if (key === "/") return () => document.getElementById("search")?.select();
  if (key === "?") return () => openDialog("keys");
  return null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
  const action = pressed(event);
  if (!action) return;
  event.preventDefault();
  action();
});

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.user-menu[open], details.confirm[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
  const drawer = document.getElementById("nav-open");
  if (drawer?.checked && !except?.closest?.(".side, .nav-button, .nav-toggle")) drawer.checked = false;
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("[data-print]")) window.print();
  const opener = target.closest("[data-dialog]");
  if (opener) openDialog(opener.dataset.dialog);
  closeMenus(target);
});

/* Signed out soon: warn in time, and let any tab of this browser keep the session alive */

function watchSession(dialog) {
  const limit = Number(dialog.dataset.idleMinutes) * 60;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("sacco-session") : null;
  let last = Date.now();
  const seen = () => {
    last = Date.now();
    if (dialog.open) dialog.close();
  };
  const tell = () => {
    seen();
    channel?.postMessage("seen");
  };
  if (channel) channel.onmessage = seen;
  document.addEventListener("htmx:after:request", (event) => {
    // A part of the page that read itself again is nobody at the desk.
    if (!event.detail.ctx.request.headers["X-Background"]) tell();
  });
  dialog.querySelector("[data-stay]").addEventListener("click", () => {
    fetch(window.location.href, { method: "HEAD", credentials: "same-origin" }).then(tell, () => undefined);
  });
  tell();
  window.setInterval(() => {
    const left = limit - Math.floor((Date.now() - last) / 1000);
    if (left <= 0) window.location.reload();
    else if (left <= IDLE_WARNING_SECONDS) {
      dialog.querySelector("[data-seconds]").textContent = String(left);
      openDialog(dialog.id);
    }
  }, 1000);
}

/* htmx: what the answers need besides being swapped in */

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (!sourceElement.matches?.("form.filters")) return;
  for (const [name, value] of [...request.body]) {
    // An empty field says nothing, unless leaving it out would bring its default back.
    if (value === "" && !sourceElement.elements[name]?.matches?.("[data-keep]")) request.body.delete(name);
  }
});

document.addEventListener("htmx:before:request", (event) => {
  // An element with hx-select calls its request "full"; the server may still send only the block that holds the part.
  const { select, target, request } = event.detail.ctx;
  if (select && target !== document.body) request.headers["HX-Request-Type"] = "partial";
});

document.addEventListener("htmx:before:swap", (event) => {
  // An error page never replaces a form that somebody has filled in: it is shown above it.
  const { ctx } = event.detail;
  const status = ctx.response?.status ?? 200;
  if (status < 400) return;
  const note = new DOMParser().parseFromString(ctx.text, "text/html").querySelector("[data-banner]");
  if (!note && status < 500) return;
  event.preventDefault();
  showNotice(note || banner("Something went wrong on our side. Nothing was saved: try again."));
});

document.addEventListener("htmx:after:swap", (event) => {
  const failed = (event.detail.ctx.response?.status ?? 200) >= 400;
  if (!failed) document.getElementById("notices")?.replaceChildren();
  settle(failed);
  // The form itself may be gone with the swap: only the request still tells that something was posted.
  const sent = event.detail.ctx.request.method?.toUpperCase() === "POST";
  const next = failed || !sent ? null : document.querySelector("[data-focus]");
  if (next) document.querySelector(next.dataset.focus)?.select();
});

document.addEventListener("htmx:finally:request", (event) => {
  const form = event.detail.ctx.sourceElement?.closest?.("[data-sent]");
  if (form && !event.detail.ctx.hx?.redirect) release(form);
});

document.addEventListener("htmx:error", () => {
  showNotice(banner("The server did not answer. Nothing is lost: try again."));
});

function settle(focusSummary) {
  document.querySelectorAll("[data-denominations]").forEach(totalDenominations);
  document.querySelectorAll("[data-balance]").forEach(totalSides);
  document.querySelectorAll("[data-toast]").forEach(armToast);
  if (focusSummary) document.querySelector("[data-summary]")?.focus();
}

settle(true);
if (document.querySelector("[data-print-now]")) window.addEventListener("load", () => window.print());
const ending = document.getElementById("session-ends");
if (ending) watchSession(ending);
