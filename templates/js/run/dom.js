// Elements by hand. Text is always a text node: nothing that people typed is ever read as markup.

/**
 * @param {string} name tag and classes: "button.ob-check"
 * @param {Record<string, unknown>} [has] attributes; functions are listeners, true and false switch
 * @param {...(Node|string|undefined|false)} inside
 */
export function el(name, has = {}, ...inside) {
  const [tag, ...classes] = name.split(".");
  const e = document.createElement(tag);
  if (classes.length) e.className = classes.join(" ");
  if (tag === "button") e.type = "button";
  for (const [key, value] of Object.entries(has)) {
    if (typeof value === "function") e.addEventListener(key, value);
    else if (key === "value" || key === "checked") e[key] = value;
    else if (value === true) e.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) e.setAttribute(key, String(value));
  }
  e.append(...inside.filter((x) => x !== undefined && x !== false && x !== null && x !== ""));
  return e;
}

export const icon = (name) => el("span.i.i-" + name, { "aria-hidden": "true" });

/** A field with its label. */
export function field(label, input, hint) {
  const id = (input.id ||= "ob-f" + ++fields);
  const parts = [el("label", { for: id }, label), input];
  if (hint) {
    input.setAttribute("aria-describedby", id + "-hint");
    parts.push(el("p.ob-hint", { id: id + "-hint" }, hint));
  }
  return el("div.ob-field", {}, ...parts);
}

let fields = 0;

/** A box to tick with its label. */
export function box(label, input) {
  return el("label.ob-box", {}, input, " " + label);
}

/**
 * A dialog that is gone when it is closed.
 * @param {string} title
 * @param {(close: () => void) => Node[]} fill
 * @returns {Promise<string>} what it was closed with
 */
export function dialog(title, fill) {
  return new Promise((resolve) => {
    const name = el("h2", { id: "ob-dialog" }, title);
    const d = el("dialog.ob-dialog", { "aria-labelledby": "ob-dialog" });
    const back = document.activeElement;
    d.append(name, ...fill((value = "") => d.close(value)).filter(Boolean));
    d.addEventListener("close", () => {
      d.remove();
      back?.focus?.();
      resolve(d.returnValue);
    });
    document.body.append(d);
    d.showModal();
  });
}

/** Replaces what an element holds, and leaves the focus where it was: on the control of the same name. */
export function refill(e, ...inside) {
  const at = e.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  e.replaceChildren(...inside.filter(Boolean));
  if (at) (e.querySelector(`[data-key="${CSS.escape(at)}"]`) ?? e.querySelector("button"))?.focus({ preventScroll: true });
}

/** Offers a text as a file. */
export function save(name, text, type = "text/markdown") {
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" })), download: name.split("/").pop() });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
