/* Nudges: the server says that something changed, the parts of the page that listen for it read themselves again. */
"use strict";

(() => {
  const port = document.body.dataset.realtimePort;
  const origin = port ? `${location.protocol}//${location.hostname}:${port}` : location.origin;
  const socket = window.io(origin, { transports: ["websocket"], withCredentials: true, reconnectionDelay: 1000, reconnectionDelayMax: 30000 });
  let wasThere = false;

  const tell = (name) => document.body.dispatchEvent(new CustomEvent(`nudge-${name}`));

  socket.on("nudge", ({ name }) => tell(name));
  socket.on("connect", () => {
    document.documentElement.classList.add("live");
    // What was said while we were away is not said again: everything that listens looks for itself.
    if (wasThere) for (const name of ["transactions", "till", "approvals", "documents", "inbox"]) tell(name);
    wasThere = true;
  });
  socket.on("disconnect", () => document.documentElement.classList.remove("live"));
})();
