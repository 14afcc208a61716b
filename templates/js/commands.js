// What a copy button copies: the commands of a block, without prompts and without what they print.

/**
 * @param {string} text of a code block
 * @returns {string}
 */
export function commands(text) {
  const lines = text.replace(/\n$/, "").split("\n");
  const prompt = /^(?:\[[^\]]*\]|\S+@\S+|)\s*[$%] /;
  if (!lines.some((line) => prompt.test(line))) return lines.join("\n");
  const kept = [];
  let inside = false;
  for (const line of lines) {
    const starts = prompt.test(line);
    if (starts || inside) kept.push(starts ? line.replace(prompt, "") : line.replace(/^> /, ""));
    inside = (starts || inside) && line.endsWith("\\");
  }
  return kept.join("\n");
}

/**
 * Gives every code block a button.
 * @param {ParentNode} root
 * @param {Record<string, string>} words
 * @param {(pre: Element) => Promise<{text?: string, why?: string}>|undefined} ask what to copy of a block that may not be copied as it stands,
 *   or why not; undefined for any other
 */
export function attach(root, words, ask = () => undefined) {
  for (const pre of root.querySelectorAll(".prose pre:not(.diagram pre)")) {
    const button = document.createElement("button");
    const told = document.createElement("span");
    told.setAttribute("role", "status");
    button.type = "button";
    button.className = "copy";
    button.setAttribute("aria-label", words.copy);
    button.title = words.copy;
    button.append(icon("copy"), told);
    let wait;
    button.addEventListener("click", async () => {
      const code = pre.querySelector("code") ?? pre;
      const { text, why } = (await ask(pre)?.catch(() => ({ why: words["copy.failed"] }))) ?? { text: commands(code.textContent) };
      const done = text !== undefined && (await put(text));
      button.replaceChildren(icon(done ? "check" : "close"), told);
      button.toggleAttribute("data-refused", !done);
      told.textContent = done ? words.copied : (why ?? words["copy.failed"]);
      clearTimeout(wait);
      wait = setTimeout(() => {
        told.textContent = "";
        button.removeAttribute("data-refused");
        button.replaceChildren(icon("copy"), told);
      }, done ? 2000 : 6000);
    });
    pre.closest("figure")?.append(button);
  }
}

function icon(name) {
  const i = document.createElement("span");
  i.className = "i i-" + name;
  i.setAttribute("aria-hidden", "true");
  return i;
}

/**
 * Puts text on the clipboard, also where the page is no secure context.
 * @param {string} text
 * @returns {Promise<boolean>}
 */
export async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "vh";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
