// What serve adds to a page: it reloads when the page changed and shows what is wrong with the page's file. Never part of a built site.
(() => {
  "use strict";
  if (globalThis.opsbook) globalThis.opsbook.live = true; // keep no copy of what is being written
  let tag; // of the page as it is shown
  let seen; // generation the page was last compared with

  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = "/-/live.css";
  document.head.append(style);

  const panel = document.createElement("aside");
  panel.id = "opsbook-live";
  panel.hidden = true;
  panel.setAttribute("role", "status");
  panel.setAttribute("aria-label", "opsbook serve");
  document.body.append(panel);

  const element = (name, className, text) => {
    const e = document.createElement(name);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  };

  const show = (failure, report) => {
    panel.replaceChildren();
    if (failure) panel.append(element("p", "error", failure));
    for (const d of report.diagnostics) {
      const line = element("details", d.severity);
      const place = `${d.file}:${d.line}:${d.column}`;
      line.append(element("summary", "", `${place} ${d.severity}: ${d.message} [${d.rule}]`));
      if (d.hint) line.append(element("p", "", d.hint));
      panel.append(line);
    }
    const elsewhere = report.errors + report.warnings;
    if (elsewhere > 0) panel.append(element("p", "rest", `whole site: ${report.errors} errors, ${report.warnings} warnings`));
    panel.hidden = !failure && report.diagnostics.length === 0;
  };

  const compare = async (failure) => {
    const page = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-store" });
    const now = page.headers.get("ETag");
    if (tag !== undefined && now !== tag) {
      location.reload();
      return;
    }
    tag = now;
    const report = await fetch(`/-/problems?path=${encodeURIComponent(decodeURIComponent(location.pathname))}`);
    if (report.ok) show(failure, await report.json());
  };

  const events = new EventSource("/-/events");
  events.addEventListener("message", (event) => {
    const { generation, error } = JSON.parse(event.data);
    const key = `${generation} ${error || ""}`;
    if (key === seen) return;
    seen = key;
    compare(error).catch(() => {});
  });
})();
