/* Lets this browser be woken: asks, subscribes, and hands the subscription to the server by an ordinary form. */
"use strict";

function bytes(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}

function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

async function subscribe(form) {
  if ((await Notification.requestPermission()) !== "granted") throw new DOMException("", "NotAllowedError");
  const worker = await navigator.serviceWorker.register("/service-worker.js", { scope: "/" });
  await navigator.serviceWorker.ready;
  const key = bytes(form.dataset.pushKey);
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  form.elements.endpoint.value = subscription.endpoint;
  form.elements.p256dh.value = text(subscription.getKey("p256dh"));
  form.elements.auth.value = text(subscription.getKey("auth"));
  form.submit();
}

for (const form of document.querySelectorAll("form[data-push-key]")) {
  const note = form.querySelector("[data-push-note]");
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  form.querySelector("button").hidden = !able;
  note.textContent = able ? "" : "This browser cannot be woken.";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    subscribe(form).catch((error) => {
      const refused = error.name === "NotAllowedError";
      note.textContent = refused
        ? "This browser does not allow it: permit notices for this page in its settings, and use no private window."
        : "The browser's push service did not answer: try again later.";
    });
  });
}
