/* Wakes the reader of a back office page when something waits. It holds no page and no data. */
"use strict";

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  const shown = { body: told.body, tag: told.tag, icon: "/static/img/mark.svg", data: { url: told.url || "/inbox" } };
  event.waitUntil(self.registration.showNotification(told.title || "SACCO back office", shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin).href;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const open = pages.find((page) => "focus" in page);
      return open ? open.focus().then((page) => page.navigate(url)) : self.clients.openWindow(url);
    }),
  );
});
