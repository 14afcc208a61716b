// Values in commands: where a slot stands decides how a value is written there, or that it is not written at all.
//
// Values come from people in a hurry, from links and from chat. What is filled in must stay one word of the command it stands in. Where
// that cannot be promised the slot stays open, and a command with an open slot is not copied.

const SHELLS = ["", "sh", "bash", "zsh", "ksh", "shell", "console", "shell-session", "shellsession", "terminal", "fish"];
const POWERSHELLS = ["powershell", "ps1", "pwsh", "ps", "posh"];
const TEXTS = ["text", "txt", "plain", "plaintext", "message", "markdown", "md", "log", "output", "mail"];

/** What means nothing to any shell. */
const SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** What means nothing inside quotes and in other languages. */
const TAME = /^[\p{L}\p{N}\p{M} _@%+=:,./-]+$/u;
/** What leads to a host and nowhere else. */
const HOST = /^[A-Za-z0-9.-]+(?::[0-9]+)?$/;
/** What is one part of a web address, and goes up in it nowhere. */
const PATH = /^(?!(?:.*\/)?\.\.?(?:\/|$))[A-Za-z0-9_@+:,./~-]+$/;
/** Control characters, and those that show nothing or turn the text around. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u115F\u1160\u3164\uFFA0]/u;
/** Programs that read their arguments as a program. */
const READERS = /(?:^|[\s;|&(`"'/])(?:ssh|(?:ba|z|da|k|c|tc)?sh|su|eval|exec|xargs|send-command|watch|parallel|env|python\d*|perl|ruby|node|php|psql|mysql|mariadb|sqlplus|sqlcmd|sqlite3|mongo(?:sh)?|redis-cli|g?awk|sed|jq|find|pwsh|powershell|cmd)(?:\s|$|\.exe)/;

const OPEN = "\uE000";
const SHUT = "\uE001";
const HOLE = /\uE000(\d+)\uE001/g;

/**
 * A place in code.
 * @typedef {{in: "word"|"quote"|"strict"|"text"|"code"|"power", first: boolean, reader: boolean, web?: "host"|"rest"}} Place
 *   web is the part of a web address in which it stands
 */

/** The sign that stands for a slot while code is read. */
export const hole = (i) => OPEN + i + SHUT;

/** Whether code holds our signs itself: then nothing can be said about it. */
export const forged = (text) => text.includes(OPEN) || text.includes(SHUT);

/**
 * Where the slots of a piece of code stand.
 * @param {string} text code with holes
 * @param {string} lang as its fence says
 * @returns {Map<number, Place>}
 */
export function places(text, lang) {
  const name = lang.toLowerCase();
  if (SHELLS.includes(name)) return shell(text);
  const kind = TEXTS.includes(name) ? "text" : POWERSHELLS.includes(name) ? "power" : "code";
  const found = new Map();
  for (const m of text.matchAll(HOLE)) found.set(Number(m[1]), { in: kind, first: false, reader: false });
  return found;
}

/** Reads a POSIX shell's quoting: what a slot stands in, as the shell will see it. */
function shell(text) {
  const found = new Map();
  const stack = ["word"];
  const later = []; // here documents that begin on the next line
  let first = true;
  let line = 0; // where the command began
  let escaped = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const top = stack.at(-1);
    if (c === OPEN) {
      const end = text.indexOf(SHUT, i);
      const kind = { word: "word", sub: "word", single: "quote", double: "quote" }[top] ?? "strict";
      const deep = escaped || stack.includes("tick") || stack.includes("brace");
      found.set(Number(text.slice(i + 1, end)), { in: deep ? "strict" : kind, first, reader: READERS.test(text.slice(line, i)), web: webPart(text.slice(line, i)) });
      i = end;
      first = escaped = false;
      continue;
    }
    escaped = false;
    if (top === "single") {
      if (c === "'") stack.pop();
      else first = false;
    } else if (top === "ansi" || top === "brace") {
      if (c === "\\") i++;
      else if (c === (top === "ansi" ? "'" : "}")) stack.pop();
    } else if (top === "comment") {
      if (c === "\n") { stack.pop(); i--; }
    } else if (c === "\\") {
      escaped = text[i + 1] === OPEN;
      if (!escaped) {
        if (text[i + 1] !== "\n") first = false;
        i++;
      }
    } else if (c === "`") {
      if (top === "tick") stack.pop();
      else stack.push("tick");
      first = true;
    } else if (c === "$" && text[i + 1] === "(") {
      stack.push("sub");
      i++;
      first = true;
    } else if (c === "$" && text[i + 1] === "{") {
      stack.push("brace");
      i++;
      first = false;
    } else if (top === "double") {
      if (c === '"') stack.pop();
      else first = false;
    } else if (c === "$" && text[i + 1] === "'") {
      stack.push("ansi");
      i++;
    } else if (c === "'" || c === '"') {
      stack.push(c === "'" ? "single" : "double");
    } else if (c === "(") {
      stack.push("sub");
      first = true;
    } else if (c === ")") {
      if (top === "sub") stack.pop();
      first = false;
    } else if (c === "#" && first) {
      stack.push("comment");
    } else if (c === "<" && text[i + 1] === "<" && text[i + 2] !== "<") {
      const m = /^<<-?[ \t]*(['"\\]?)([\w.-]+)\1/.exec(text.slice(i));
      if (m) {
        later.push(m[2]);
        i += m[0].length - 1;
      }
    } else if (c === "\n") {
      for (const end of later.splice(0)) i = hereDocument(text, i, end, found);
      first = true;
      line = i + 1;
    } else if (/[\s;|&<>]/.test(c)) {
      first = true;
    } else {
      first = false;
    }
  }
  if (stack.some((s) => s !== "word" && s !== "comment") || later.length) {
    for (const place of found.values()) place.in = "strict"; // a quote that never ends: nobody knows what is inside
  }
  return found;
}

/** The part of a web address that a piece of code ends in. A value there must not lead elsewhere, nor ask for something else. */
function webPart(before) {
  const m = /https?:\/\/([^\s'"`|;<>()]*)$/i.exec(before);
  return m ? (/[/?#]/.test(m[1]) ? "rest" : "host") : undefined;
}

/** Takes the slots of a here document, and returns where the line before the command after it ends. */
function hereDocument(text, at, end, found) {
  let stop = text.length;
  for (let start = at + 1; start < text.length;) {
    const next = text.indexOf("\n", start);
    const to = next < 0 ? text.length : next;
    if (text.slice(start, to).replace(/^\t+/, "") === end) {
      stop = to;
      break;
    }
    start = to + 1;
  }
  for (const m of text.slice(at, stop).matchAll(HOLE)) found.set(Number(m[1]), { in: "strict", first: false, reader: true });
  return stop < text.length ? stop : text.length - 1;
}

/**
 * Writes a value where it stands.
 * @param {string} value not empty
 * @param {Place} place
 * @returns {{text?: string, why?: string}} the text, or why it is refused: "hidden", "option" or "unsafe"
 */
export function write(value, place) {
  if (HIDDEN.test(value)) return { why: "hidden" };
  if (place.in === "text") return { text: value };
  if (place.first && value.startsWith("-")) return { why: "option" };
  if (place.web && !(place.web === "host" ? HOST : PATH).test(value)) return { why: "unsafe" };
  const comments = /--|\/\*/.test(value);
  switch (place.in) {
    case "word":
      if (SAFE.test(value) && !(place.reader && comments)) return { text: value };
      return place.reader ? { why: "unsafe" } : { text: "'" + value.replaceAll("'", "'\\''") + "'" };
    case "quote":
      return !comments && (place.reader ? SAFE : TAME).test(value) ? { text: value } : { why: "unsafe" };
    case "power":
      return /^[A-Za-z0-9_:./\\-]+$/.test(value) && !value.startsWith("-") ? { text: value } : { why: "unsafe" };
    case "code":
      return !comments && TAME.test(value) ? { text: value } : { why: "unsafe" };
    default:
      return !comments && SAFE.test(value) ? { text: value } : { why: "unsafe" };
  }
}

/**
 * What is wrong with a value: "hidden", "long", "pattern", or "broken" when this browser cannot read the pattern. Undefined when it is
 * right. A value must match the whole pattern, whether its author anchored it or not.
 * @param {{pattern?: string}} param
 * @param {string} value
 */
export function fault(param, value) {
  if (HIDDEN.test(value)) return "hidden";
  if (value.length > 512) return "long";
  if (!param.pattern) return undefined;
  const folds = param.pattern.startsWith("(?i)");
  try {
    const whole = new RegExp("^(?:" + (folds ? param.pattern.slice(4) : param.pattern) + ")$", folds ? "iu" : "u");
    return whole.test(value) ? undefined : "pattern";
  } catch {
    return "broken";
  }
}

/** One name for every way to write it: <order-db>, ${ORDER_DB}, {{order_db}}. */
export const canonical = (name) => name.trim().toLowerCase().replaceAll("-", "_");

const LINK_SLOT = /\{\{([^{}]+)\}\}|\$\{([^{}]+)\}|<([^<>]+)>|%7B%7B(.+?)%7D%7D|\$%7B(.+?)%7D|%3C(.+?)%3E/gi;

/** The parameters that an address asks for, by canonical name. */
export function asked(href) {
  return [...href.matchAll(LINK_SLOT)].map((m) => canonical(decode(m.slice(1).find((x) => x !== undefined))));
}

const decode = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * Fills an address. The result leads where the author's address leads: by the same scheme, and by a host that no value can leave.
 * @param {string} href as written
 * @param {Map<string, string>} values by canonical name, of declared parameters
 * @param {Set<string>} declared canonical names
 * @returns {{href?: string, open?: string[]}} the address, or the parameters that are not filled
 */
export function fillLink(href, values, declared) {
  const open = [];
  const filled = href.replace(LINK_SLOT, (all, ...groups) => {
    const name = canonical(decode(groups.slice(0, 6).find((x) => x !== undefined)));
    if (!declared.has(name)) return all;
    const value = values.get(name);
    if (!value || HIDDEN.test(value) || value === "." || value === "..") {
      open.push(name);
      return all;
    }
    return encodeURIComponent(value);
  });
  if (open.length) return { open };
  const host = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)/i;
  const before = host.exec(href);
  if (before && asked(before[2]).length && !/^[A-Za-z0-9.:-]+$/.test(host.exec(filled)?.[2] ?? "")) return { open: asked(before[2]) };
  return { href: filled };
}
