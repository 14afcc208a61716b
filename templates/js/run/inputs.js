// The values that a page asks for: where they come from, what is wrong with them, and where they are shown and copied.
import { commands } from "../commands.js";
import { canonical, asked, fault, fillLink, forged, hole, places, write } from "./slots.js";
import { el } from "./dom.js";

const HOLES = /\uE000(\d+)\uE001/g;

/**
 * @param {{params?: object[], presets?: object[]}} sheet
 * @param {Record<string, string>} words
 * @param {() => void} changed
 */
export function inputs(sheet, words, changed) {
  const params = sheet.params ?? [];
  const presets = sheet.presets ?? [];
  const fields = new Map();
  for (const f of document.querySelectorAll("[data-input]")) fields.set(f.dataset.input, f);
  const raw = new WeakMap(); // what a slot said before it was filled
  const blocks = readBlocks(raw);
  const links = readLinks(new Set(params.map((p) => canonical(p.name))));
  const causes = [...document.querySelectorAll(".causes a.go")].map((a) => ({ a, href: a.getAttribute("href") }));
  let values = new Map(); // canonical name -> right value

  const typed = (p) => fields.get(p.name)?.value.trim() ?? "";
  const read = () => {
    values = new Map();
    for (const p of params) {
      const value = typed(p);
      const wrong = value && fault(p, value);
      show(p, wrong);
      if (value && !wrong) values.set(canonical(p.name), value);
    }
  };
  const show = (p, wrong) => {
    const f = fields.get(p.name);
    if (!f) return;
    const id = "ob-fault-" + params.indexOf(p);
    let said = document.getElementById(id);
    f.setAttribute("aria-invalid", String(Boolean(wrong)));
    if (!wrong) {
      said?.remove();
      f.removeAttribute("aria-describedby");
      return;
    }
    if (!said) f.after((said = el("p.ob-fault", { id })));
    said.textContent = words["run.fault." + wrong];
    f.setAttribute("aria-describedby", id);
  };
  const secret = (name) => params.some((p) => p.secret && canonical(p.name) === name);

  /** Writes values into a block of code. Secrets are shown as dots. */
  const resolve = (block, forCopy) => {
    const text = forCopy ? commands(block.text) : block.text;
    const found = block.places;
    const open = new Set();
    let why;
    const out = text.replace(HOLES, (_, i) => {
      const slot = block.slots[i];
      const name = canonical(slot.dataset.param);
      const value = values.get(name);
      const w = value === undefined ? undefined : block.forged ? { why: "unsafe" } : write(value, found.get(Number(i)) ?? { in: "text" });
      if (!w) open.add(slot.dataset.param);
      else if (w.why) why ??= { name: slot.dataset.param, why: w.why };
      return w?.text ?? raw.get(slot);
    });
    return { text: out, open: [...open], why };
  };

  const paint = () => {
    for (const block of blocks) {
      block.slots.forEach((slot, i) => {
        const name = canonical(slot.dataset.param);
        const value = values.get(name);
        const w = value === undefined ? undefined : block.forged ? { why: "unsafe" } : write(value, block.places.get(i) ?? { in: "text" });
        const text = w?.text === undefined ? raw.get(slot) : secret(name) ? "●●●●" : w.text;
        if (slot.textContent !== text) slot.textContent = text;
        slot.dataset.filled = String(w?.text !== undefined);
        if (w?.why) slot.dataset.refused = w.why;
        else delete slot.dataset.refused;
        slot.title = w?.why ? words["run.refused." + w.why] : slot.dataset.param;
      });
    }
    for (const { a, href } of links) {
      const to = fillLink(href, new Map([...values].filter(([name]) => !secret(name))), new Set(params.map((p) => canonical(p.name))));
      if (to.href) a.setAttribute("href", to.href);
      else a.setAttribute("href", href);
      a.toggleAttribute("data-open", !to.href);
      a.title = to.href ? "" : words["run.copy.open"].replace("%s", () => to.open.join(", "));
    }
    for (const { a, href } of causes) a.setAttribute("href", href + (query() ? "?" + query() : ""));
    const now = preset();
    for (const button of document.querySelectorAll("[data-preset]")) button.setAttribute("aria-pressed", String(now === presets[button.dataset.preset]));
    document.documentElement.toggleAttribute("data-production", Boolean(now?.production));
  };

  /** Values for an address: never a secret. */
  const query = () => {
    const q = new URLSearchParams();
    for (const p of params) {
      const value = values.get(canonical(p.name));
      if (value && !p.secret) q.set(p.name, value);
    }
    return q.toString();
  };
  /** The environment whose values these are. */
  const preset = () => presets.find((s) => Object.entries(s.values).length && Object.entries(s.values).every(([k, v]) => values.get(canonical(k)) === v));

  const update = () => {
    read();
    paint();
    changed();
  };
  document.addEventListener("click", (event) => {
    const a = event.target.closest?.("a[data-open]");
    if (!a) return;
    event.preventDefault();
    api.tell(a.title);
  });
  for (const f of fields.values()) f.addEventListener("input", update);

  const api = {
    /** Says why something cannot be had; set by whoever has a place for it. */
    tell: () => {},
    /** Takes values by name, and leaves the others as they are. */
    set(given) {
      for (const p of params) {
        const value = given[p.name] ?? Object.entries(given).find(([k]) => canonical(k) === canonical(p.name))?.[1];
        if (typeof value === "string" && fields.has(p.name) && !(p.secret && value === "")) fields.get(p.name).value = value.slice(0, 600);
      }
      update();
    },
    /** Values of the page's address. A secret in an address is not taken, and is taken out of it. */
    fromAddress() {
      const url = new URL(location.href);
      const given = {};
      let leak = false;
      for (const [k, v] of url.searchParams) {
        const p = params.find((x) => canonical(x.name) === canonical(k));
        if (p?.secret) {
          url.searchParams.delete(k);
          leak = true;
        } else if (p) given[p.name] = v;
      }
      if (leak) history.replaceState(history.state, "", url);
      if (Object.keys(given).length) api.set(given);
      else update();
    },
    preset(i) {
      if (presets[i]) api.set(presets[i].values);
    },
    environment: () => preset(),
    /** What may be kept. */
    kept: () => Object.fromEntries(params.filter((p) => !p.secret && values.has(canonical(p.name))).map((p) => [p.name, values.get(canonical(p.name))])),
    secrets: () => params.filter((p) => p.secret && values.has(canonical(p.name))).map((p) => values.get(canonical(p.name))),
    missing: () => params.filter((p) => !values.has(canonical(p.name))),
    /** What to copy of a block. */
    resolve(pre) {
      const code = pre.querySelector("code") ?? pre;
      const block = blocks.find((b) => b.code === code);
      return block ? resolve(block, true) : { text: commands(code.textContent), open: [] };
    },
    /** The values that a block uses, to name the target. */
    used: (pre) => [...new Set([...pre.querySelectorAll(".slot")].map((s) => s.dataset.param))].map((name) => [name, secret(canonical(name)) ? "●●●●" : values.get(canonical(name))]),
    focus(name) {
      fields.get(name)?.focus();
    },
    reset() {
      for (const p of params) if (p.secret && fields.has(p.name)) fields.get(p.name).value = "";
    },
  };
  return api;
}

/** Reads all code with slots, once, before anything is filled. */
function readBlocks(raw) {
  const blocks = [];
  for (const code of new Set([...document.querySelectorAll(".prose code .slot")].map((s) => s.closest("code")))) {
    const slots = [...code.querySelectorAll(".slot")];
    const copy = code.cloneNode(true);
    const wrong = forged(code.textContent);
    slots.forEach((slot) => raw.set(slot, slot.textContent));
    [...copy.querySelectorAll(".slot")].forEach((slot, i) => (slot.textContent = hole(i)));
    const text = copy.textContent;
    const lang = code.closest("figure")?.dataset.lang ?? "";
    blocks.push({ code, slots, text, forged: wrong, places: places(commands(text), lang) });
  }
  return blocks;
}

/** Links of the text that ask for values. */
function readLinks(declared) {
  return [...document.querySelectorAll(".prose a[href]")].map((a) => ({ a, href: a.getAttribute("href") }))
    .filter(({ href }) => asked(href).some((name) => declared.has(name)));
}
