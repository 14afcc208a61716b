// Turns the links above a list into filters. Without this script they lead to a group of the list or to a page of their own.

/**
 * @param {Record<string, string>} item what the row carries: severity, state, owner, service, tag; several values are separated by spaces
 * @param {Map<string, string>} wanted one value a key
 */
export function matches(item, wanted) {
  for (const [key, value] of wanted) {
    if (!(item[key] ?? "").split(" ").includes(value)) return false;
  }
  return true;
}

/**
 * @param {HTMLElement} list
 * @param {Record<string, string>} words
 */
export function attach(list, words) {
  const links = [...list.querySelectorAll("a[data-facet]")];
  if (links.length === 0) return;
  const known = new Set(links.map((a) => a.dataset.facet));
  const wanted = new Map([...new URLSearchParams(location.search)].filter(([key]) => known.has(key)));
  const status = document.createElement("p");
  status.className = "vh";
  status.setAttribute("role", "status");
  list.append(status);
  const show = () => {
    let shown = 0;
    for (const row of list.querySelectorAll(".item")) {
      const d = row.dataset;
      row.hidden = !matches({ severity: d.severity, state: d.review, owner: d.owner, service: d.service, tag: d.tag }, wanted);
      if (!row.hidden) shown++;
    }
    for (const group of list.querySelectorAll(".group")) group.hidden = !group.querySelector(".item:not([hidden])");
    for (const a of links) {
      if (wanted.get(a.dataset.facet) === a.dataset.value) a.setAttribute("aria-current", "true");
      else a.removeAttribute("aria-current");
    }
    status.textContent = wanted.size ? words["filter.shown"].replace("%s", String(shown)) : "";
  };
  for (const a of links) {
    a.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const { facet, value } = a.dataset;
      if (wanted.get(facet) === value) wanted.delete(facet);
      else wanted.set(facet, value);
      const query = new URLSearchParams([...wanted]).toString();
      history.replaceState(history.state, "", location.pathname + (query ? "?" + query : "") + location.hash);
      show();
    });
  }
  show();
}
