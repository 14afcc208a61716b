// Secrets in what people paste. A note is masked before it is kept; what was masked is kept nowhere.

export const MASK = "●●●";

/** What is a secret by its form. Where a group is named "secret" only that part goes. */
const FORMS = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|sk_live_\w{10,}|AIza[\w-]{30,})/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:(?<secret>[^\s/@]+)@/gi,
  /\b(?:Bearer|Basic)\s+(?<secret>[\w.~+/=-]{8,})/gi,
  /(?:pass(?:word|wd|phrase)?|pwd|secret(?:_?access)?(?:_?key)?|token|api_?key|access_?key|private_?key|client_?secret|credential|パスワード|暗証番号)["']?\s*(?:[:=：]|は)\s*["']?(?<secret>[^\s"',;&}]{3,})/gi,
];

/**
 * @param {string} text
 * @param {string[]} known secrets of this run
 * @returns {{text: string, count: number}} the text without secrets, and how many there were
 */
export function mask(text, known = []) {
  let count = 0;
  let out = text;
  for (const secret of known.filter((s) => s.length > 2)) {
    count += out.split(secret).length - 1;
    out = out.replaceAll(secret, MASK);
  }
  for (const form of FORMS) {
    out = out.replace(form, (all, ...rest) => {
      const groups = rest.at(-1);
      const secret = typeof groups === "object" ? groups?.secret : undefined;
      if ((secret ?? all) === MASK) return all;
      count++;
      return secret === undefined ? MASK : all.slice(0, all.lastIndexOf(secret)) + MASK + all.slice(all.lastIndexOf(secret) + secret.length);
    });
  }
  return { text: out, count };
}

/** Pasted text as people read it: without the escape sequences of terminals, and with what cannot be seen made visible. */
export function clean(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-_])/g, "")
    .replace(/[^\P{C}\n\t]/gu, (c) => (c === "\u200D" ? "" : "\uFFFD"))
    .replace(/\u00A0/g, " ");
}
